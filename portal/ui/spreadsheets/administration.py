"""Registers of the administration with spreadsheets in and out: import in two steps, export with a limit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from import_export.admin import ImportExportModelAdmin
from import_export.forms import ConfirmImportForm, ImportForm

from portal.ui.limits import Limit, spend
from portal.ui.spreadsheets.formats import AnySpreadsheet, SafeCSV, SafeXLSX
from portal.ui.spreadsheets.kept import KeptFile, NotKept, ticket, token_of
from portal.ui.spreadsheets.limits import MEBIBYTE, MOST_BYTES
from portal.ui.spreadsheets.reading import NotReadable


class FileForm(ImportForm):
    """The choice of a file; one that is too large is not read."""

    def clean_import_file(self) -> UploadedFile:
        """The file, no larger than the portal reads."""
        file: UploadedFile = self.cleaned_data["import_file"]
        if (file.size or 0) > MOST_BYTES:
            told = _("The file is larger than %d MB. Divide it into smaller files.") % (MOST_BYTES // MEBIBYTE)
            raise forms.ValidationError(told)
        return file


class TicketForm(ConfirmImportForm):
    """The confirmation of an import: good for the person who sent the file."""

    def __init__(self, *args: Any, user_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user_id = user_id

    def clean_import_file_name(self) -> str:
        """The token under which the file is kept."""
        try:
            return token_of(self.cleaned_data["import_file_name"], self._user_id)
        except NotKept as error:
            raise forms.ValidationError(_("The file is no longer kept. Choose it again.")) from error


class WithSpreadsheets(ImportExportModelAdmin):
    """A register that comes and goes as CSV or XLSX."""

    import_formats = (AnySpreadsheet,)
    export_formats = (SafeCSV, SafeXLSX)
    import_form_class = FileForm
    confirm_form_class = TicketForm
    tmp_storage_class = KeptFile

    # --- In ----------------------------------------------------------------------------------------------------------
    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            spend(Limit.IMPORT, request.user.pk or "")
        response: HttpResponseBase = super().import_action(request, **kwargs)
        return response

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        kept = form.is_valid() and _is_kept(form.cleaned_data["import_file_name"])
        if request.method == "POST" and not kept:
            messages.info(request, _("The file is no longer kept. Choose it again."))
            return HttpResponseRedirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))
        response: HttpResponseBase = super().process_import(request, **kwargs)
        return response

    def get_confirm_form_kwargs(self, request: HttpRequest, import_form: Any = None) -> dict[str, Any]:
        told: dict[str, Any] = super().get_confirm_form_kwargs(request, import_form)
        return {**told, "user_id": request.user.pk}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            initial["import_file_name"] = ticket(initial["import_file_name"], request.user.pk or 0)
        return initial

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        if not isinstance(e, NotReadable):
            raise e
        form.add_error("import_file", str(e))

    # --- Out ---------------------------------------------------------------------------------------------------------
    def export_action(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_export_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            spend(Limit.EXPORT, request.user.pk or "")
        try:
            response: HttpResponseBase = super().export_action(request)
        except IncorrectLookupParameters:  # as Django's own list does with a filter that there is not
            return HttpResponseRedirect(request.path)
        return response

    def get_data_for_export(self, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        """Numbers and days stay what they are where the format can hold them (the library looks for its own class)."""
        form = kwargs.get("export_form")
        chosen = self.get_export_formats()[int(form.cleaned_data["format"])] if form else SafeCSV
        return super().get_data_for_export(
            request, queryset, **{**kwargs, "force_native_type": issubclass(chosen, SafeXLSX)}
        )

    def _do_file_export(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super()._do_file_export(*args, **kwargs)
        if response.headers["Content-Type"] == SafeCSV.CONTENT_TYPE:
            response.headers["Content-Type"] = "text/csv; charset=utf-8"
        return response


def _is_kept(token: str) -> bool:
    try:
        KeptFile(name=token).read()
    except NotKept:
        return False
    return True
