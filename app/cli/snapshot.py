import typer

app = typer.Typer()


def snapshot() -> None: ...
