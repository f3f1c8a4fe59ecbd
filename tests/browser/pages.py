"""The pages of the portal: who opens them in the tests, and how many queries they may cost.

Every address of ours that shows a page has an entry (`html` rows of tests/permission_matrix.py); of the parts made by
others, those that people meet. The rest is in `NOT_OPENED`, rule by rule, with the reason.
"""

from dataclasses import dataclass, field

from django.urls import reverse

from portal.accounts.roles import Role
from tests.world import Side, World


@dataclass(frozen=True)
class Page:
    """A page as one role sees it."""

    name: str = ""
    """Name of the address; empty for a page that has none (`path`)."""
    role: Role | None = None
    """None: somebody who has not signed in."""
    queries: int = 0
    """The most queries it may take, sessions and sign-in included."""
    objects: tuple[str, ...] = ()
    """Attributes of the own `Side`, or of the `World`, in the order of the address."""
    query: str = ""
    path: str = ""
    status: int = 200
    printed: bool = False
    """Is looked at as it comes out of a printer, too."""
    axe_off: dict[str, str] = field(default_factory=dict)
    """Rules of axe that the page need not keep, and why: only for pages whose markup is not ours."""

    def __str__(self) -> str:
        who = self.role.value if self.role else "anonymous"
        return " ".join([f"{self.name or self.path}{self.query}", *self.objects, who])

    def url(self, world: World) -> str:
        """The address for a world's objects."""
        if self.path:
            return self.path
        owners = [getattr(world.own if one in Side.__dataclass_fields__ else world, one) for one in self.objects]
        return reverse(self.name, args=[owner.pk for owner in owners]) + self.query


PAGES: tuple[Page, ...] = (
    # --- For everybody
    Page("account_login", queries=1),
    Page("account_reset_password", queries=1),
    Page("ui:accessibility", queries=1, printed=True),
    Page("ui:privacy", queries=1, printed=True),
    Page("ui:feedback", queries=1),
    # --- One's own account
    Page("accounts:own", Role.CASE_WORKER, queries=3),
    Page("account_change_password", Role.CASE_WORKER, queries=3),
    Page("account_logout", Role.CASE_WORKER, queries=3),
    Page("mfa_index", Role.CASE_WORKER, queries=5),
    Page("usersessions_list", Role.CASE_WORKER, queries=4),
    # --- Jobseekers
    Page("seekers:list", Role.CASE_WORKER, queries=11, printed=True),
    Page("seekers:list", Role.TEAM_LEAD, query="?age=over54&field=7&occupation=hitsaaja", queries=9),
    Page("seekers:import", Role.CASE_WORKER, queries=5),
    Page("seekers:page", Role.CASE_WORKER, objects=("seeker",), queries=14, printed=True),
    Page("seekers:page", Role.CASE_WORKER, objects=("hidden_seeker",), queries=13),
    Page("seekers:matches", Role.CASE_WORKER, objects=("seeker",), queries=31),
    Page("seekers:matches", Role.CASE_WORKER, objects=("hidden_seeker",), queries=12),
    Page("seekers:pause", Role.CASE_WORKER, objects=("seeker",), queries=12),
    Page("seekers:resume", Role.CASE_WORKER, objects=("paused_seeker",), queries=12),
    # --- Vacancies
    Page("vacancies:list", Role.EMPLOYER_SPECIALIST, queries=10),
    Page("vacancies:list", Role.EMPLOYER_OWNER, queries=9),
    Page("vacancies:page", Role.EMPLOYER_SPECIALIST, objects=("vacancy",), queries=31, printed=True),
    Page("vacancies:page", Role.EMPLOYER_OWNER, objects=("vacancy",), queries=10),
    Page("vacancies:posting", Role.EMPLOYER_SPECIALIST, objects=("vacancy",), queries=10),
    # --- Occupations and skills
    Page("classifications:occupations", Role.CASE_WORKER, query="?q=hitsaaja", queries=8),
    Page("classifications:occupation", Role.CASE_WORKER, objects=("occupation",), queries=10),
    Page("classifications:skills", Role.TEAM_LEAD, queries=8),
    Page("classifications:skill", Role.CASE_WORKER, objects=("skill",), queries=10),
    # --- The night
    Page("matching:how", queries=4, printed=True),
    Page("runs:list", Role.MANAGER, queries=10),
    Page("runs:page", Role.MANAGER, objects=("run",), queries=10),
    # --- Administration
    Page("ui:components", Role.ADMINISTRATOR, queries=3, printed=True),
    # --- When something is not as it should be
    Page("ui:components", Role.CASE_WORKER, queries=3, status=403),
    Page(path="/ei-ole/", queries=1, status=404),
)

NOT_OPENED: dict[str, str] = {
    "admin:": "Django's own pages, for administrators alone; their markup is not ours",
    "account_inactive": "a sentence by allauth in the frame of account_login",
    "account_signup": "closed: nobody signs up alone",
    "account_reauthenticate": "the form of account_login once more",
    "account_email": "changes of addresses are rare; in the frame of account_change_password",
    "account_email_verification_sent": "a sentence by allauth in the frame of account_login",
    "account_set_password": "leads on to account_change_password",
    "account_confirm": "needs a key from a mail",
    "account_reset_password_": "needs a key from a mail, or is a sentence after it",
    "mfa_": "the steps after mfa_index need a second factor at hand",
    "set_language": "changes the language and leads back",
}
"""Beginnings of names of addresses made by others whose pages are not opened, and why."""
