"""Who works together: teams, work pairs, stand-ins during absence, and whose clients somebody serves because of it."""

from portal.accounts.teams.models import AbsenceReason, StandIn, Team, TeamMembership, WorkPair
from portal.accounts.teams.serving import whose_clients

__all__ = ["AbsenceReason", "StandIn", "Team", "TeamMembership", "WorkPair", "whose_clients"]
