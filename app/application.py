"""The application: the API and the pages behind the guard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from app.api import (
    account,
    accounts,
    answers,
    archive,
    assignments,
    carry_over,
    comments,
    comparison,
    contributions,
    countries,
    drafts,
    edits,
    evidence,
    forms,
    health,
    instruments,
    invitations,
    own_access,
    people,
    problems,
    progress,
    published,
    record,
    reviews,
    rounds,
    sign_in,
    sources,
    workflow,
)
from app.api.guard import Guard
from app.api.observing import Observer, templates_of
from app.api.openapi import Documented, operation_id
from app.background import Background, Task
from app.metrics import Metrics
from app.readiness import parts_of
from app.service import Service
from app.web import account as account_pages
from app.web import (
    account_access,
    account_invitations,
    account_second_factor,
    administration,
    administration_accounts,
    administration_invitations,
    administration_record,
    answering,
    approving,
    beside_comments,
    beside_contributions,
    beside_deciding,
    beside_files,
    beside_ministries,
    board,
    checking,
    consent,
    draft,
    draft_edits,
    draft_sentence,
    entrance,
    home,
    instrument_pages,
    links,
    ministries,
    notices,
    overview,
    record_pages,
    returns,
    review,
    review_rounds,
    searching,
    second_factor,
    source_pages,
    start,
    static,
)
from app.web import people as people_pages
from app.web import published as published_pages
from app.web.problems import answer

ROUTERS: tuple[APIRouter, ...] = (
    # Routes are looked through in this order: the busiest first.
    answers.router,
    sign_in.router,
    account.router,
    own_access.router,
    forms.router,
    assignments.router,
    contributions.router,
    comments.router,
    progress.router,
    sources.router,
    evidence.router,
    archive.router,
    workflow.router,
    reviews.router,
    drafts.router,
    edits.router,
    comparison.router,
    carry_over.router,
    record.router,
    published.router,
    accounts.router,
    countries.router,
    invitations.router,
    people.router,
    rounds.router,
    instruments.router,
)


PAGES: tuple[APIRouter, ...] = (
    static.router,
    start.router,
    entrance.router,
    links.router,
    second_factor.router,
    account_pages.router,
    account_access.router,
    account_second_factor.router,
    account_invitations.router,
    home.router,
    overview.router,
    searching.router,
    source_pages.router,
    checking.router,
    board.router,
    draft.router,
    draft_sentence.router,
    draft_edits.router,
    consent.router,
    published_pages.router,
    notices.router,
    review.router,
    returns.router,
    approving.router,
    review_rounds.router,
    answering.router,
    beside_comments.router,
    beside_files.router,
    beside_ministries.router,
    beside_contributions.router,
    beside_deciding.router,
    ministries.router,
    administration.router,
    administration_accounts.router,
    administration_invitations.router,
    administration_record.router,
    people_pages.router,
    record_pages.router,
    instrument_pages.router,
)


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """All routes: the same for every application of a process, and long in the making."""
    everything = APIRouter(generate_unique_id_function=operation_id)
    for router in ROUTERS:
        everything.include_router(router, prefix="/api/v1")
    everything.include_router(health.router)
    for router in PAGES:
        everything.include_router(router)
    return tuple(everything.routes)


def create_app(service: Service, tasks: tuple[Task, ...] = ()) -> Documented:
    """The ASGI application of a service. `tasks` are done in the background while it runs."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = service.settings.threads
        background = Background(service, tasks)
        background.start()
        try:
            yield
        finally:
            await anyio.to_thread.run_sync(background.stop)

    app = Documented(
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        generate_unique_id_function=operation_id,
    )
    app.state.service = service
    app.state.parts = parts_of(service)
    app.state.metrics = Metrics(service)
    app.router.routes.extend(_routes())
    problems.register(app, answer)
    app.add_middleware(Guard, settings=service.settings, answer=answer)
    app.add_middleware(Observer, templates=templates_of(app), metrics=app.state.metrics)
    return app
