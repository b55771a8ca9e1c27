"""The application: the API's routes behind the guard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import APIRouter, FastAPI

from app.api import answers, problems, published, record, reviews, sources, workflow
from app.api.guard import Guard
from app.service import Service

ROUTERS: tuple[APIRouter, ...] = (
    answers.router,
    sources.router,
    workflow.router,
    reviews.router,
    record.router,
    published.router,
)


def create_app(service: Service) -> FastAPI:
    """The ASGI application of a service."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = service.settings.threads
        yield

    app = FastAPI(
        title="MGI", version="1", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json"
    )
    app.state.service = service
    api = APIRouter(prefix="/api/v1")
    for router in ROUTERS:
        api.include_router(router)
    app.include_router(api)
    problems.register(app)
    app.add_middleware(Guard, settings=service.settings)
    return app
