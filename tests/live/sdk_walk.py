"""A walk by openstacksdk, run by an interpreter that has it: `sdk_walk.py AUTH_URL PASSWORD PAGE_SIZE MARKER`.

Writes the id of each page's last image to the file `MARKER`; prints the ids that it got, and the error that ended it.
"""

import importlib
import json
import sys
import warnings
from pathlib import Path

auth_url, password, size, marker = sys.argv[1:]
warnings.simplefilter("ignore")
openstack = importlib.import_module("openstack")
connection = openstack.connect(
    auth_url=auth_url,
    username="demo",
    password=password,
    project_name="demo",
    user_domain_name="Default",
    project_domain_name="Default",
    region_name="RegionOne",
)
ids: list[str] = []
error = ""
try:
    for image in connection.compute.images(details=False, limit=int(size)):
        ids.append(image.id)
        if len(ids) % int(size) == 0:
            Path(marker).write_text(image.id, "utf-8")
except Exception as failure:
    error = f"{type(failure).__name__}: {failure}"
print(json.dumps({"ids": ids, "error": error}))
