"""The call itself: another leg, where it goes, and its end."""

from engine.model.verb import LifeCycle, Verb

ROWS = (
    Verb(
        name="dial",
        shape="order",
        command="dial",
        summary="Call somebody: another leg, which runs the url or swml given.",
        outcomes=("accepted",),
        fields={"call_id": "string"},
        answers={"call_id": "id"},
        repeat="never",
    ),
    Verb(
        name="update",
        shape="order",
        command="update",
        summary="Cancel, complete or redirect a call leg.",
        outcomes=("accepted",),
        repeat="never",
    ),
    Verb(
        name="disconnect",
        shape="order",
        command="calling.disconnect",
        summary="Part two legs that are connected; both go on.",
        outcomes=("accepted",),
        repeat="never",
    ),
    Verb(
        name="user_event",
        shape="order",
        command="calling.user_event",
        summary="Send an event of your own to whoever listens to the call.",
        outcomes=("accepted",),
        repeat="never",
    ),
    Verb(
        name="refer",
        shape="operation",
        command="calling.refer",
        summary="Hand a SIP call over to another SIP address; goes on if that fails.",
        outcomes=("failed",),
        fields={"sip_refer_response_code": "int", "sip_notify_response_code": "int"},
        ending=True,
        repeat="never",
        life=LifeCycle(
            progress=("inprogress", "in_progress", "trying"),
            repeating=("inprogress", "in_progress", "trying"),
            ends={
                "success": "referred",
                **dict.fromkeys(("cancel", "busy", "noanswer", "no_answer", "disconnected", "failed"), "failed"),
                "error": "failed",
            },
            stopped="failed",
        ),
    ),
    Verb(
        name="transfer",
        shape="leave",
        command="calling.transfer",
        summary="Hand the call over to a number, a SIP address or SWML, for good.",
        ending=True,
        repeat="never",
    ),
    Verb(
        name="redirect",
        shape="leave",
        command="update",
        summary="Hand the call over to SWML, for good.",
        ending=True,
        repeat="never",
    ),
    Verb(
        name="end",
        shape="leave",
        command="calling.end",
        summary="Hang up, or with `done` end the run and send nothing.",
        ending=True,
        repeat="never",
    ),
)
