def load_chart(patient_id):
    return _db(patient_id)


def load_address(patient_id):
    return _db(patient_id)


def _db(key):
    return object()
