"""Words that speak of recordings and of secrets, in the languages that are understood. A flow speaks one or two of them, so
their patterns are compiled when they are first asked for."""

import re
from collections.abc import Mapping

from engine.lint.calls.speech import Said

RECORDING: Mapping[str, str] = {
    "en": r"\b(record(s|ed|ing|ings)?|monitor(ed|ing)?|transcri\w+|written down|write down|taped?)\b",
    "es": r"\b(graba\w*|transcri\w+|supervisa\w*)",
    "de": r"(aufgezeichne\w*|aufzeichn\w+|aufgenommen|aufnahme|mitgeschnitten|mitschnitt|mitgeschrieben)",
    "fr": r"\b(enregistr\w+|transcri\w+)",
}
SECRETS: Mapping[str, str] = {
    "en": (
        r"\b(pin|p\.i\.n\.?|pin code|(credit|debit|bank|payment)? ?card('s)? number|(credit|debit) card|cvv|cvc"
        r"|(security|verification|access) code|social security|ssn|password|passcode|pass code)\b"
    ),
    "es": (
        r"\b(pin|n[úu]mero de (su |la |tu )?tarjeta|tarjeta de (cr[ée]dito|d[ée]bito)|contrase[ñn]a|clave"
        r"|c[óo]digo de (seguridad|acceso)|seguro social)\b"
    ),
    "de": (
        r"\b(pin|geheimzahl|kartennummer|kreditkart\w*|passwort|kennwort|pr[üu]fziffer|sicherheitscode"
        r"|sozialversicherungsnummer)\b"
    ),
    "fr": (
        r"\b(pin|code (secret|pin|de s[ée]curit[ée]|d'acc[èe]s)|num[ée]ro de (votre |la )?carte"
        r"|carte (bancaire|de cr[ée]dit)|mot de passe|cryptogramme|s[ée]curit[ée] sociale)\b"
    ),
}

REFUSED: Mapping[str, str] = {
    "en": r"\b(do not|don't|don’t|never|must not|no need to)\s+(\w+\s+){0,3}?(ask|enter|type|key|say|tell|give|share|speak)",
    "es": r"\b(no|nunca)\s+(\w+\s+){0,2}?(introduzca|ingrese|marque|teclee|diga|d[ée]|comparta|revele)",
    "de": r"\b(geben|nennen|sagen|tippen|verraten)\s+sie\b[^.!?]{0,300}\b(nicht|nie|niemals|kein\w*)\b",
    "fr": r"\bn(e |')(\w+\s+){0,2}?(saisissez|tapez|entrez|composez|dites|donnez|communiquez)",
}
"""Sentences that tell the caller to enter nothing."""
_SENTENCE = r"[^.!?;]+"


def asks_for(said: Said, topic: Mapping[str, str]) -> bool:
    """Does a sentence speak of it that does not tell the caller to keep it?"""
    tag = said.language.partition("-")[0].lower()
    words, refused = topic.get(tag), REFUSED.get(tag)
    if words is None or refused is None:
        return False
    sentences = re.findall(_SENTENCE, said.text.lower())
    return any(re.search(words, one) and not re.search(refused, one) for one in sentences)


def speaks_of(said: Said, topic: Mapping[str, str]) -> bool | None:
    """Does the text speak of it? None where nobody can tell: another language, or a value or a file in it."""
    words = topic.get(said.language.partition("-")[0].lower())
    if words is not None and re.search(words, said.text.lower()):
        return True
    return None if words is None or said.open else False
