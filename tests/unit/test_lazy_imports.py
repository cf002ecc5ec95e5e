"""What a package gives away only when it is asked: there for everybody, and not imported before."""

from __future__ import annotations

import importlib
import pickle
import subprocess
import sys

import pytest

SERVICES = ["servicefabric", "lusid", "openstack"]


def loaded_after(statement: str) -> set[str]:
    """Return the modules that a fresh process has after a statement."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("service", SERVICES)
def test_importing_a_service_imports_none_of_its_documents_values(service: str) -> None:
    assert f"imageapis_generated.{service}.values" not in loaded_after(f"import imageapis.{service}")


@pytest.mark.parametrize("service", SERVICES)
def test_every_public_name_can_be_imported_from_its_package(service: str) -> None:
    package = importlib.import_module(f"imageapis.{service}")
    for name in package.__all__:
        assert getattr(package, name) is getattr(package, name)
        assert name in dir(package)


@pytest.mark.parametrize("service", SERVICES)
def test_a_name_that_a_package_does_not_have_is_an_attribute_error_that_says_so(service: str) -> None:
    package = importlib.import_module(f"imageapis.{service}")
    with pytest.raises(AttributeError, match=f"module 'imageapis.{service}' has no attribute 'Imagee'"):
        _ = package.Imagee


def test_a_class_that_is_imported_late_is_pickled_like_any_other() -> None:
    from imageapis.lusid import Tag

    assert pickle.loads(pickle.dumps(Tag)) is Tag
