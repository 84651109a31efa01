"""Whether a text says that it is closed now. In four languages, all at once: texts may be in several.

Silent rather than wrong: a sentence counts where nothing but a few words stands around it. Holidays, days of the week and
lunch breaks are told to callers who are through as well.
"""

import re

_NOW = (
    r"(?:(?:right )?now|today|currently|presently|at the moment|at present|jetzt|heute|zurzeit|gerade|momentan"
    r"|ahora|hoy|ya|en este momento|maintenant|aujourd'hui|actuellement|en ce moment)"
)
_AT_ALL = rf"(?:(?:{_NOW}|already|still|unfortunately|leider|bereits|schon|wir|todavía|aún|déjà|encore|malheureusement) ){{0,2}}"
_SHOP = r"(?:office|desk|practice|line|lines|shop|store|department|departments)"
_CLOSED = re.compile(
    rf"(?:(?:we|{_SHOP}) (?:is|are) {_AT_ALL}closed"
    rf"|estamos {_AT_ALL}cerrados|haben {_AT_ALL}geschlossen|sommes {_AT_ALL}fermés)\b(?: {_NOW}\b)?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\W{0,3}(?:[^,.;:]*\b(?:sorry|unfortunately|leider|tut uns leid|sentimos|désolés?|malheureusement)\b,? ?)?"
    rf"(?:{_NOW},? )?(?:but |that |aber |dass |pero |que |mais )?(?:(?:the|our|all|nosotros|wir|nous)(?: our)? ?)?",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\W*\Z|,? (?:and|but) (?:(?:we|it) )?(?:will )?(?:be )?(?:re-?open|open|back)|,? (?:so )?please\b"
    r"|,? und (?:wir )?(?:öffnen|sind)|,? y (?:abrimos|abriremos|volvemos)|,? et (?:nous )?r?ouvr",
    re.IGNORECASE,
)
_OPEN_NOW = re.compile(
    rf"\b(?:is|are|sind|ist|haben|estamos|está|sommes|est) {_AT_ALL}(?:open|offen|geöffnet|abiert[oa]s?|ouverte?s?)\b"
    r"|\b(?:close|closes|closing|schließen|schließt|cerramos|cierra|cerraremos|fermons|ferme|fermerons)\b",
    re.IGNORECASE,
)
"""Who says it besides, or when it closes, tells of another place or of later."""
_ANOTHER_TIME = re.compile(
    r"[0-9]|\b(?:next|tomorrow|tonight|noon|christmas|easter|new year|holidays?|vacations?|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|\w+days?|morgen|nächste\w*|mittags?|weihnachten|ostern|feiertage?|\w+tags?|mittwochs?|januar|februar"
    r"|märz|mai|juni|juli|oktober|dezember|mañana|próxim\w+|mediodía|navidad\w*|pascua|festivos?|vacaciones|lunes|martes|miércoles|jueves|viernes"
    r"|sábados?|domingos?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|demain|prochaine?s?|midi|noël"
    r"|pâques|fériés?|vacances|\w+dis?|dimanches?|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|décembre)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(rf"\b{_NOW}\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def says_closed_now(text: str, calendar: str) -> bool:
    """In words, or by saying when that calendar opens next."""
    if _OPEN_NOW.search(text):
        return False
    return f"next_open(uses.{calendar},now)" in text.replace(" ", "") or _in_words(text)


def _in_words(text: str) -> bool:
    dated = False
    for sentence in _SENTENCE.split(text):
        found = _CLOSED.search(sentence)
        if found and _stands_alone(sentence, found) and (not dated or _TODAY.search(found[0])):
            return True
        dated = dated or _ANOTHER_TIME.search(_TODAY.sub("", sentence)) is not None
    return False


def _stands_alone(sentence: str, found: re.Match[str]) -> bool:
    before, after = sentence[: found.start()], sentence[found.end() :]
    return _BEFORE.fullmatch(before) is not None and _AFTER.match(after) is not None
