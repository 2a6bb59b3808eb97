def find(users, email, user):
    if email not in users:
        # ruleid: personal-data-in-exception
        raise LookupError(f"no user with the address {email}")
    if user.locked:
        # ruleid: personal-data-in-exception
        raise PermissionError("locked: %s" % user.email)
    if not user.iban:
        # ruleid: personal-data-in-exception
        raise ValueError("{} has no account".format(user.last_name))
    # ok: personal-data-in-exception
    raise LookupError(f"no user with the number {user.id}")


async def check(user, email_domain):
    if user.old:
        raise HTTPException(
            status_code=400,
            # ruleid: personal-data-in-exception
            detail=f"{user.phone_number!r} is no number",
        )
    if user.new:
        # ok: personal-data-in-exception
        raise ValueError(f"no mail to {email_domain}")
    if user.other:
        # ok: personal-data-in-exception
        raise ValueError(f"no mail to {mask(user.email)}")
    # ok: personal-data-in-exception
    raise ValueError("an address is needed")
