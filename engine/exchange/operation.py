"""What every operation on a call is."""

from msgspec import Struct


def earliest(*times_ms: int | None) -> int | None:
    """The least of those that are set."""
    least = None
    for time_ms in times_ms:
        if time_ms is not None and (least is None or time_ms < least):
            least = time_ms
    return least


class Operation(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="is"):
    """Something started on a call. It lives as long as it stands there; its `kind` and control_id name it.

    `by_get`: its status_url is told by GET.
    """

    control_id: str = ""
    status_url: str = ""
    by_get: bool = False

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)

    @property
    def asks(self) -> str:
        """What somebody might decide about it now (`Decides.about`); "" for nothing."""
        return ""
