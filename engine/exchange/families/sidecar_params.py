"""The params of ai_sidecar, which has a language of its own: prompts, tools, permissions."""

from engine.exchange.command import FLAG, TEXT, WORD
from engine.exchange.families.live_speech import ENGINE, SIDE, SUMMARIZE
from engine.exchange.params import Field, Spec

_TEXTS = Field(type="array", items=TEXT)
_SECTION: dict[str, Field] = {
    "title": WORD,
    "body": TEXT,
    "bullets": Field(type="array", least=1, items=TEXT),
    "numbered": FLAG,
    "numberedBullets": FLAG,
}
_SECTIONS = Field(type="array", least=1, items=Field(type="object", fields=_SECTION, some_of=("body", "bullets")))
_SECTION["subsections"] = _SECTIONS
_PROMPTS: Spec = {"text": TEXT, "pom": _SECTIONS, "file": TEXT}
_PROMPT = Field(either=(TEXT, Field(type="object", fields=_PROMPTS, one_of=tuple(_PROMPTS))))

_ARGUMENTS: dict[str, Spec] = {}
_ARGUMENT = Field(type="object", variants=_ARGUMENTS)
_ABOUT: Spec = {"description": TEXT}
_ARGUMENTS.update(
    string={**_ABOUT, "enum": _TEXTS, "default": TEXT},
    integer={
        **_ABOUT,
        "enum": Field(type="array", items=Field(type="integer")),
        "default": Field(type="integer"),
    },
    number={
        **_ABOUT,
        "enum": Field(type="array", items=Field(type="number")),
        "default": Field(type="number"),
    },
    boolean={**_ABOUT, "default": FLAG},
    array={**_ABOUT, "items": Field(type="object", required=True, variants=_ARGUMENTS)},
    object={**_ABOUT, "properties": Field(type="object", values=_ARGUMENT), "required": _TEXTS},
)
_WEB_HOOK: Spec = {"web_hook_url": TEXT, "web_hook_auth_user": TEXT, "web_hook_auth_password": TEXT}
_FUNCTION: Spec = {
    "function": Field(type="string", required=True),
    "description": TEXT,
    "purpose": TEXT,
    "parameters": Field(
        type="object",
        fields={
            "type": Field(type="string", required=True, enum=("object",)),
            "properties": Field(type="object", required=True, values=_ARGUMENT),
            "required": _TEXTS,
        },
    ),
    **_WEB_HOOK,
}
_SERVER: Spec = {
    "url": Field(type="string", required=True),
    "headers": Field(type="object", values=TEXT),
    "resources": FLAG,
    "resource_vars": Field(type="object", values=TEXT),
}
_TOOLS: Spec = {
    "defaults": Field(type="object", fields=_WEB_HOOK),
    "functions": Field(type="array", items=Field(type="object", fields=_FUNCTION)),
    "mcp_servers": Field(type="array", items=Field(type="object", fields=_SERVER)),
}
_SETTINGS: Spec = {
    "idle_timeout_ms": Field(type="integer", minimum=50, maximum=5_000),
    "min_interval_ms": Field(type="integer", minimum=0, maximum=60_000),
    "max_iters_per_tick": Field(type="integer", minimum=1, maximum=20),
    "max_history_tokens": Field(type="integer", minimum=1_000, maximum=200_000),
    "act_on_channel": FLAG,
    "final_summary": FLAG,
    "ai_summary": FLAG,
    "ai_summary_prompt": TEXT,
    "summary_model": TEXT,
    "live_events": FLAG,
    "verbose_utterances": FLAG,
    "speech_engine": ENGINE,
    "speech_timeout": Field(type="integer", minimum=0, maximum=600_000),
    "vad_silence_ms": Field(type="integer", minimum=0, maximum=60_000),
    "vad_thresh": Field(type="integer", minimum=0, maximum=10_000),
    "debug_level": Field(type="integer", minimum=0, maximum=100),
    "debug": FLAG,
    "transcribe_prompt": TEXT,
}
_PERMISSIONS: Spec = dict.fromkeys(("swaig_allow_swml", "swaig_allow_settings", "swaig_set_global_data"), FLAG)
SIDECAR: Spec = {
    "lang": Field(type="string", required=True, least=1),
    "prompt": _PROMPT,
    "model": TEXT,
    "direction": Field(type="array", items=SIDE),
    "customer_role": SIDE,
    "url": Field(type="string", form="url"),
    "SWAIG": Field(type="object", fields=_TOOLS),
    "permissions": Field(type="object", fields=_PERMISSIONS),
    "global_data": Field(type="object"),
    "hints": Field(type="array", least=1, items=TEXT),
    "params": Field(type="object", fields=_SETTINGS),
    "action": Field(type="object", fields={"summarize": SUMMARIZE}, one_of=("summarize",)),
}
