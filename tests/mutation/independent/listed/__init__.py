"""The list: what the authors of call flows do wrong, why they do, and what comes of it."""

from tests.mutation.independent.listed.conditions import CONDITIONS
from tests.mutation.independent.listed.failing import FAILING
from tests.mutation.independent.listed.files import FILES
from tests.mutation.independent.listed.manners import MANNERS
from tests.mutation.independent.listed.pasting import PASTING
from tests.mutation.independent.listed.platform import PLATFORM
from tests.mutation.independent.listed.privacy import PRIVACY
from tests.mutation.independent.listed.refactoring import REFACTORING
from tests.mutation.independent.listed.units import UNITS

LISTED = (*PASTING, *REFACTORING, *CONDITIONS, *UNITS, *MANNERS, *PLATFORM, *FAILING, *PRIVACY, *FILES)
