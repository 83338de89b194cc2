"""The session of a translation as the API shows it (`openai/types/realtime/realtime_translation_session.py`)."""

from local.stand_in.typed import Json

LANGUAGE = "en"


def effective(config: Json, session_id: str, expires_at: int) -> Json:
    """Make the session as the API shows it.

    Args:
        config: the session config.
        session_id: the session's id.
        expires_at: seconds since the epoch; 0 for a session that has not started.

    Returns:
        The JSON of `session.created` and of a client secret's `session`.
    """
    audio = config.get("audio", {})
    shown = {"input": audio.get("input", {}), "output": {"language": LANGUAGE, **audio.get("output", {})}}
    return {
        "id": session_id,
        "type": "translation",
        "model": config["model"],
        "expires_at": expires_at,
        "audio": shown,
    }
