from rest_framework import pagination
from rest_framework.pagination import CursorPagination, LimitOffsetPagination, PageNumberPagination
from rest_framework.pagination import PageNumberPagination as Numbered


# ruleid: pagination-without-maximum
class Chosen(PageNumberPagination):
    page_size = 25
    page_size_query_param = "page_size"


# ruleid: pagination-without-maximum
class Walk(pagination.CursorPagination):
    page_size_query_param = "size"
    ordering = "-created"

    async def later(self):
        return None


# ruleid: pagination-without-maximum
class Offsets(
    LimitOffsetPagination,
):
    default_limit = 20


class Lifted(PageNumberPagination):
    page_size_query_param = "page_size"
    # ruleid: pagination-without-maximum
    max_page_size = None


class People(ModelViewSet):
    # ruleid: pagination-without-maximum
    pagination_class = LimitOffsetPagination


# todoruleid: pagination-without-maximum
class Aliased(Numbered):
    page_size_query_param = "page_size"


# ok: pagination-without-maximum
class Capped(PageNumberPagination):
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


# ok: pagination-without-maximum
class Fixed(PageNumberPagination):
    page_size = 25


# ok: pagination-without-maximum
class CappedOffsets(LimitOffsetPagination):
    default_limit = 20
    max_limit = 100


# ok: pagination-without-maximum
class CappedWalk(CursorPagination):
    page_size_query_param = "size"
    max_page_size = 50


class Places(ModelViewSet):
    # ok: pagination-without-maximum
    pagination_class = CappedOffsets


# ok: pagination-without-maximum
class Own(LimitOffsetPagination):
    def get_limit(self, request):
        return min(int(request.query_params.get("limit", 20)), 100)
