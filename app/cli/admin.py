"""`mgi admin`: the first administrator, countries, rounds, invitations and reset links, from the command line."""

import enum
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.instrument import Name
from questionnaire import DEFAULT_INSTRUMENT

if TYPE_CHECKING:
    from app.people.invitations import Invited

app = typer.Typer(help="Accounts, countries and rounds of the service.", no_args_is_help=True)

Email = Annotated[str, typer.Option("--email", help="Their e-mail address, with which they sign in.")]
PersonName = Annotated[str, typer.Option("--name", help="Their name.")]
Code = Annotated[str, typer.Argument(metavar="COUNTRY", help="The country's ISO code, as KG.")]


class InvitedRole(enum.StrEnum):
    """The roles that an administrator gives. A focal point invites everyone else of their country."""

    focal_point = "focal_point"
    reviewer = "reviewer"
    administrator = "administrator"


@app.command()
def first_administrator(email: Email, name: PersonName) -> None:
    """Invite the administrator of a new service, and print the link to hand over. Refused once there is one."""
    from app.cli.commanding import command_work, read_person
    from app.people.invitations import invite_first_administrator

    person = read_person(email, name)
    with command_work("manage_accounts") as work:
        invited = invite_first_administrator(work, *person)
    print(f"Please open this link within 72 hours; it works once:\n{invited.address}")


@app.command()
def invite(
    role: Annotated[InvitedRole, typer.Option("--role", help="The role that is offered.")],
    email: Email,
    name: PersonName,
    country: Annotated[str | None, typer.Option("--country", help="ISO code; none for administrators.")] = None,
) -> None:
    """Invite someone to a role. Where no mail is sent, the link to hand over is printed."""
    from app.cli.commanding import command_work, read_person
    from app.people.invitations import invite as invite_person
    from app.people.sign_ins import Grant

    code = country.upper() if country else None
    person = read_person(email, name)
    with command_work("invite" if code else "manage_accounts", code) as work:
        invited = invite_person(work, *person, Grant(role.value, code, None))
    print(_told(invited))


def _told(invited: "Invited") -> str:
    if invited.mailed:
        return f"The invitation is on its way to {invited.invitation.email}; its link works once, for 72 hours."
    if invited.has_second_factor:
        return "They find the invitation in their account: nobody is shown the link of someone with a second factor."
    return f"Please hand over this link; it works once, for 72 hours:\n{invited.address}"


@app.command()
def add_country(code: Code) -> None:
    """Set a country up, so that rounds can be opened for it."""
    from app.cli.commanding import command_work
    from app.people.countries import add_country as add

    with command_work("manage_countries") as work:
        added = add(work, code.upper())
    print(f"{added.name} ({added.code}) is set up.")


@app.command()
def open_round(
    code: Code,
    year: Annotated[int, typer.Argument(metavar="ROUND", min=2015, max=2100, help="The year of the round.")],
    name: Name = DEFAULT_INSTRUMENT,
) -> None:
    """Open a round for a country, on an instrument of this release."""
    from app.assessments.rounds import open_packaged_round
    from app.cli.commanding import command_work

    with command_work("open_round") as work:
        assessment_id = open_packaged_round(work, name, code.upper(), year).id
    print(f"The round {year} of {code.upper()} is open: assessment {assessment_id}")


@app.command()
def reset_link(email: Annotated[str, typer.Argument(help="The e-mail address of the account.")]) -> None:
    """Print a link by which someone chooses a new password, to hand over where no mail is sent."""
    from app.cli.commanding import command_work
    from app.people.resets import reset_link_for

    with command_work("manage_accounts") as work:
        address = reset_link_for(work, email)
    print(f"Please hand over this link; it works once, for one hour:\n{address}")


@app.command()
def list_accounts() -> None:
    """List all accounts by name, with their roles."""
    from app.cli.commanding import command_work
    from app.people.accounts import list_accounts as listed

    with command_work("see_accounts") as work:
        accounts = listed(work)
    for account in accounts:
        roles = ", ".join(f"{role.role} {role.country}" if role.country else role.role for role in account.roles)
        state = "disabled" if account.disabled else "" if account.has_password else "not accepted yet"
        print("  ".join(part for part in (account.email, account.name, roles, state) if part))
