from .tags import confidential


def fetch_salary(who):
    return _get(who)


def fetch_desk(who):
    return _get(who)


class HrClient:
    def __init__(self, base):
        self.base = base

    def salary_of(self, who):
        return _get(who)

    def desk_of(self, who):
        return _get(who)


@confidential
def bonus(who):
    return _get(who)


def _get(who):
    return object()
