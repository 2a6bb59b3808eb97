install() {
    # ruleid: curl-pipe-shell
    curl -sSL https://get.example.org | sh
    # ruleid: curl-pipe-shell
    curl -fsSL https://get.example.org/install.sh | sudo -E bash -s -- --yes
    # ruleid: curl-pipe-shell
    wget -qO- https://get.example.org | bash
    # ruleid: curl-pipe-shell
    bash -c "$(curl -fsSL https://get.example.org/install.sh)"
    # ruleid: curl-pipe-shell
    bash <(curl -s https://get.example.org/up)
    # ruleid: curl-pipe-shell
    curl -sSL https://get.example.org/tool.py | python3 -
    # ok: curl-pipe-shell
    curl -fsSLo tool.tar.gz https://get.example.org/tool-1.2.3.tar.gz
    # ok: curl-pipe-shell
    curl -s https://api.example.org | jq .name
    # ok: curl-pipe-shell
    curl -s https://api.example.org | python3 -m json.tool
    # curl https://get.example.org | sh is what we do not do
    # ok: curl-pipe-shell
    curl -s https://example.org/list | shasum -c
}
