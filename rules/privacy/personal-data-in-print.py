import pprint
import sys
from pprint import pprint as show


def debug(user, ssn):
    # ruleid: personal-data-in-print
    print(user.email)
    # ruleid: personal-data-in-print
    print(f"number: {ssn}")
    # ruleid: personal-data-in-print
    sys.stdout.write("born %s" % user.date_of_birth)
    # ruleid: personal-data-in-print
    show({"phone": user.phone})
    # ok: personal-data-in-print
    print(user.id)
    # ok: personal-data-in-print
    print(len(user.email))
    # ok: personal-data-in-print
    pprint.pprint(user.email_count)


async def later(user):
    print(
        "mail to",
        # ruleid: personal-data-in-print
        user.email,
    )
    # ok: personal-data-in-print
    print("mail to", mask(user.email))
