"""`offhook secret-key`: a new key for what the journal keeps of secret and private values."""

import click


@click.command(name="secret-key")
@click.option("--id", "key_id", default="1", show_default=True, help="Its name: another one for each key.")
def command(key_id: str) -> None:
    """Print a new key for OFFHOOK_SECRET_KEY.

    To change keys, put the new one before the old ones, with commas between: the first one encrypts, all of them
    decrypt.
    """
    from engine.journal.sealing import Sealing, new_key

    key = new_key(key_id)
    Sealing.of(key)
    click.echo(key)
