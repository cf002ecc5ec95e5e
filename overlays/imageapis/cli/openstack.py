"""`imageapis openstack`: images as Nova shows them."""

from typing import TYPE_CHECKING, Annotated

import typer

from imageapis._plain import printable
from imageapis.cli.commands import Group, Json
from imageapis.cli.text import size

if TYPE_CHECKING:
    from imageapis.core.login import Login
    from imageapis.openstack import Image


def _login(
    os_cloud: Annotated[
        str | None, typer.Option(help="An entry of clouds.yaml; by default $OS_CLOUD, else what other OS_* say.")
    ] = None,
    os_region_name: Annotated[str | None, typer.Option(help="One of that entry's regions.")] = None,
) -> "Login":
    from imageapis.errors import LoginError
    from imageapis.openstack import auth

    if os_cloud is not None:
        return auth.cloud(os_cloud, region_name=os_region_name)
    if os_region_name is not None:
        raise LoginError("--os-region-name belongs to --os-cloud; without one, set $OS_REGION_NAME.")
    return auth.from_env()


group = Group("OpenStack: images through Nova's API, and their metadata.", _login)
app = group.app

ImageId = Annotated[str, typer.Argument(help="The image's id.")]


@group.command("ls", "imageapis openstack ls --os-cloud mycloud --min-ram 512")
def ls(
    login: "Login",
    name: Annotated[str | None, typer.Option(help="Exactly this name.")] = None,
    status: Annotated[str | None, typer.Option(help="This state, e.g. ACTIVE.")] = None,
    server: Annotated[str | None, typer.Option(help="Made from this server (id).")] = None,
    type: Annotated[str | None, typer.Option(help="Of this image_type, e.g. snapshot.")] = None,  # noqa: A002
    min_disk: Annotated[int | None, typer.Option(help="Ask for at least so many GiB of disk.")] = None,
    min_ram: Annotated[int | None, typer.Option(help="Ask for at least so many MiB of memory.")] = None,
    changes_since: Annotated[
        str | None, typer.Option(help="Changed at or after this time, e.g. 2025-01-31T00:00:00Z.")
    ] = None,
    json: Json = False,
) -> None:
    """List images, newest first."""
    from imageapis.cli.output import write_json, write_table
    from imageapis.openstack import ComputeImages

    with ComputeImages(login) as images:
        found = [
            *images.list(
                detail=True,
                name=name,
                status=status,
                server=server,
                type=type,
                min_disk=min_disk,
                min_ram=min_ram,
                changes_since=changes_since,
            )
        ]
    if json:
        write_json(found)
        return
    rows = [(one.id, one.name, one.status, size(one.size), one.updated) for one in found]
    write_table(("ID", "NAME", "STATUS", "SIZE", "UPDATED"), rows)


@group.command("show", "imageapis openstack show 70a599e0-31e7-49b7-b260-868f441e862b")
def show(login: "Login", image_id: ImageId, json: Json = False) -> None:
    """Show one image with its metadata."""
    from imageapis.cli.output import write_json
    from imageapis.openstack import ComputeImages

    with ComputeImages(login) as images:
        image = images.image(image_id)
    if json:
        write_json(image)
    else:
        _write(image)


@group.command("meta", "imageapis openstack meta 70a599e0-31e7-49b7-b260-868f441e862b --set reviewed=yes")
def meta(
    login: "Login",
    image_id: ImageId,
    set: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="Set a key; repeatable.")] = None,  # noqa: A002
    unset: Annotated[
        list[str] | None, typer.Option("--unset", "--delete", metavar="KEY", help="Delete a key; repeatable.")
    ] = None,
    json: Json = False,
) -> None:
    """Show an image's metadata, or change it first."""
    from imageapis.cli.output import write_fields, write_json
    from imageapis.openstack import ComputeImages

    changes = dict(_pair(text) for text in set or ())
    with ComputeImages(login) as images:
        if changes:
            images.update_metadata(image_id, changes)
        for key in unset or ():
            images.delete_metadata_item(image_id, key)
        metadata = images.metadata(image_id)
    if json:
        write_json(metadata)
    else:
        write_fields(dict(metadata))


@group.command("rm", "imageapis openstack rm 70a599e0-31e7-49b7-b260-868f441e862b")
def rm(login: "Login", image_ids: Annotated[list[str], typer.Argument(help="Ids of images.")]) -> None:
    """Delete images."""
    from imageapis.openstack import ComputeImages

    with ComputeImages(login) as images:
        # As with files of a cluster: a slip in one id deletes nothing.
        for image_id in image_ids if len(image_ids) > 1 else ():
            images.image(image_id)
        for image_id in image_ids:
            images.delete(image_id)
            typer.echo(printable(f"{image_id}: deleted"))


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise ValueError(f"--set takes KEY=VALUE, not {text!r}.")
    return key, value


def _write(image: "Image") -> None:
    from imageapis.cli.output import write_fields

    write_fields(
        {
            "id": image.id,
            "name": image.name,
            "status": image.status,
            "size": size(image.size),
            "created": image.created,
            "updated": image.updated,
            "min disk": image.min_disk,
            "min ram": image.min_ram,
            "server": None if image.server is None else image.server.id,
            **{f"metadata {key}": value for key, value in (image.metadata or {}).items()},
        }
    )
