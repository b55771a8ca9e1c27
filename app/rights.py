"""What may be done outside an assessment, and by whom: in a country, in the service, by anyone who is signed in."""

from typing import Literal, NamedTuple

from app.assessments.workflow import ACTIONS, Role

Scope = Literal["assessment", "country", "service", "person", "half_signed_in", "anyone"]
"""Where a right holds. `half_signed_in`: the password was shown, the second factor not yet."""


class Right(NamedTuple):
    """A declared access rule: each route has exactly one."""

    action: str
    scope: Scope
    roles: frozenset[Role] = frozenset()
    writes: bool = True


COUNTRY_RIGHTS: dict[str, tuple[frozenset[Role], bool]] = {
    "see_people": (frozenset({"focal_point", "administrator"}), False),
    "invite": (frozenset({"focal_point", "administrator"}), True),
    "end_role": (frozenset({"focal_point", "administrator"}), True),
    "hand_over": (frozenset({"focal_point"}), True),
    "see_ministries": (frozenset({"focal_point", "contributor", "signatory", "administrator"}), False),
    "manage_ministries": (frozenset({"focal_point"}), True),
}
SERVICE_RIGHTS: dict[str, tuple[frozenset[Role], bool]] = {
    "see_accounts": (frozenset({"administrator"}), False),
    "manage_accounts": (frozenset({"administrator"}), True),
    "manage_countries": (frozenset({"administrator"}), True),
    "open_round": (frozenset({"administrator"}), True),
    "see_account_record": (frozenset({"administrator"}), False),
}
OWN_RIGHTS: dict[str, tuple[Scope, bool]] = {
    "see_own": ("person", False),
    "change_own": ("person", True),
    "finish_sign_in": ("half_signed_in", True),
    "see_sign_in": ("half_signed_in", False),
    "sign_out": ("half_signed_in", True),
    "set_up_second_factor": ("half_signed_in", True),
    "read_public": ("anyone", False),
    "use_link": ("anyone", True),
    "sign_in": ("anyone", True),
}


def right(action: str) -> Right:
    """The rule of an action, wherever it is declared. `KeyError` for one that is declared nowhere."""
    if action in ACTIONS:
        rule = ACTIONS[action]
        return Right(action, "assessment", rule.roles, rule.writes)
    if action in COUNTRY_RIGHTS:
        return Right(action, "country", *COUNTRY_RIGHTS[action])
    if action in SERVICE_RIGHTS:
        return Right(action, "service", *SERVICE_RIGHTS[action])
    scope, writes = OWN_RIGHTS[action]
    return Right(action, scope, writes=writes)
