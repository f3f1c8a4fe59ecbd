"""Files are received into memory alone, and only when the whole request is small enough."""

from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from portal.ui.spreadsheets.limits import MOST_BYTES_OF_REQUEST


class InMemoryWithinLimit(FileUploadHandler):
    """Refuse a request with files by its announced length, and stop one that sends more than a file may have.

    The disk never holds what was sent. Too much ends in the page 413 (`portal.ui.errors.bad_request`).
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  Django's name for it
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        if content_length > MOST_BYTES_OF_REQUEST:
            raise RequestDataTooBig
        self._received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._received += len(raw_data)
        if self._received > MOST_BYTES_OF_REQUEST:
            raise RequestDataTooBig
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._file.seek(0)
        return InMemoryUploadedFile(
            file=self._file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
