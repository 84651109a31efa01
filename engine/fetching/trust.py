"""Whose certificates are believed."""

import ssl
from pathlib import Path

import httpx

from engine.model.errors import ConfigurationError


def context(ca_file: Path | None = None) -> ssl.SSLContext:
    """httpx's own authorities, and those of the file (PEM). No variable of the surroundings changes that.
    `ConfigurationError` for a file that cannot be used."""
    found = httpx.create_ssl_context(trust_env=False)
    if ca_file is not None:
        try:
            found.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(
                f"fetch: ca_file: {ca_file} cannot be used: {error.strerror or error}.",
                help="Name a file with certificates in PEM form.",
            ) from None
    return found
