"""Whether this process lives, and can answer."""

from typing import Literal

from pydantic import BaseModel, Field


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(BaseModel):
    """The database answers too, and has the schema that this code knows."""

    status: Literal["ready"] = "ready"
    schema_version: int


class ServiceType(BaseModel):
    """Which interface this is."""

    group: str = "org.cisgraph"
    artifact: str = "cisgraph"
    version: str = "1"


class Organization(BaseModel):
    """Who runs the service: all that is known of them here is the address that was asked."""

    name: str = "cisgraph"
    url: str


class ServiceInfo(BaseModel):
    """What this service is: GA4GH service-info 1.0."""

    id: str = "org.cisgraph"
    name: str = "cisgraph"
    type: ServiceType = Field(default_factory=ServiceType)
    description: str = "Who regulates what, with the evidence beside it."
    organization: Organization
    version: str
