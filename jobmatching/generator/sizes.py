"""How large an area is generated."""

from enum import Enum


class Size(Enum):
    """Jobseekers and vacancies: one area, a region, the whole country."""

    S = (4_000, 1_000)
    M = (60_000, 6_000)
    L = (500_000, 60_000)

    @property
    def seekers(self) -> int:
        return self.value[0]

    @property
    def vacancies(self) -> int:
        return self.value[1]

    @property
    def employers(self) -> int:
        """About one for three vacancies."""
        return max(1, self.vacancies // 3)

    @property
    def whole_country(self) -> bool:
        """Whether people live in every Finnish municipality that is loaded, or in the area's own alone."""
        return self is not Size.S
