# ruleid: pip-second-index
pip install --extra-index-url https://pypi.acme.example/simple acme-tool
# ruleid: pip-second-index
python -m pip download tool --extra-index-url=https://pypi.acme.example/simple
# ruleid: pip-second-index
export PIP_EXTRA_INDEX_URL=https://pypi.acme.example/simple
# ok: pip-second-index
pip install --index-url https://pypi.acme.example/simple acme-tool
# ok: pip-second-index
pip install torch --extra-index-url https://download.pytorch.org/whl/cpu
# ok: pip-second-index
pip install tool
