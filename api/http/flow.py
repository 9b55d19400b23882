"""The flow of one connection: whether more is read from it."""

from __future__ import annotations

from uvicorn.protocols.http.flow_control import FlowControl


class Flow(FlowControl):
    """The flow of one connection; nothing is read while something is held back."""

    is_held = False

    def resume_reading(self) -> None:
        if self.read_paused and not self.is_held:
            self.read_paused = False
            self._transport.resume_reading()
