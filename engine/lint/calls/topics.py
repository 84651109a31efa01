"""Words that speak of recordings and of secrets, in the languages that are understood."""

import re
from collections.abc import Mapping

from engine.lint.calls.speech import Said

RECORDING: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(record(s|ed|ing|ings)?|monitor(ed|ing)?|transcri\w+|written down|write down|taped?)\b"),
    "es": re.compile(r"\b(graba\w*|transcri\w+|supervisa\w*)"),
    "de": re.compile(r"(aufgezeichne\w*|aufzeichn\w+|aufgenommen|aufnahme|mitgeschnitten|mitschnitt|mitgeschrieben)"),
    "fr": re.compile(r"\b(enregistr\w+|transcri\w+)"),
}
SECRETS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(pin|p\.i\.n\.?|pin code|(credit|debit|bank|payment)? ?card('s)? number|(credit|debit) card|cvv|cvc"
        r"|(security|verification|access) code|social security|ssn|password|passcode|pass code)\b"
    ),
    "es": re.compile(
        r"\b(pin|n[úu]mero de (su |la |tu )?tarjeta|tarjeta de (cr[ée]dito|d[ée]bito)|contrase[ñn]a|clave"
        r"|c[óo]digo de (seguridad|acceso)|seguro social)\b"
    ),
    "de": re.compile(
        r"\b(pin|geheimzahl|kartennummer|kreditkart\w*|passwort|kennwort|pr[üu]fziffer|sicherheitscode"
        r"|sozialversicherungsnummer)\b"
    ),
    "fr": re.compile(
        r"\b(pin|code (secret|pin|de s[ée]curit[ée]|d'acc[èe]s)|num[ée]ro de (votre |la )?carte"
        r"|carte (bancaire|de cr[ée]dit)|mot de passe|cryptogramme|s[ée]curit[ée] sociale)\b"
    ),
}


def speaks_of(said: Said, topic: Mapping[str, re.Pattern[str]]) -> bool | None:
    """Does the text speak of it? None where nobody can tell: another language, or a value or a file in it."""
    words = topic.get(said.language.partition("-")[0].lower())
    if words is not None and words.search(said.text.lower()):
        return True
    return None if words is None or said.open else False
