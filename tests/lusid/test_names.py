"""The check of image names: the same language as the published pattern, in linear time."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from imageapis.lusid import InvalidName
from imageapis.lusid.names import image_name

#: As published. Two things it lets through are no names: a line feed at the end, and digits of other scripts.
PUBLISHED = re.compile(
    r"^[a-z\d]+((([.]{1}|[_]{1,2}|[-])+)([a-z\d]+))*:[a-z\d]+((([.]{1}|[_]{1,2}|[-])+)([a-z\d]+))*\Z", re.ASCII
)


@settings(deadline=None)
@given(st.text(alphabet="a0._-:/A\n", max_size=14))
def test_the_same_names_as_by_the_published_pattern_are_taken(name: str) -> None:
    try:
        taken = image_name(name) == name
    except InvalidName:
        taken = False
    assert taken == bool(PUBLISHED.match(name))


@settings(max_examples=40, deadline=None)
@given(st.from_regex(PUBLISHED))
def test_every_name_that_the_published_pattern_makes_is_taken(name: str) -> None:
    assert len(name) > 256 or image_name(name) == name
