# ruleid: package-signature-check-off
apt-get install -y --allow-unauthenticated tool
# ruleid: package-signature-check-off
echo "deb [trusted=yes] https://apt.acme.example stable main" > /etc/apt/sources.list.d/acme.list
# ruleid: package-signature-check-off
yum install -y --nogpgcheck tool
# ruleid: package-signature-check-off
npm config set strict-ssl false
# ok: package-signature-check-off
apt-get install -y tool
# ok: package-signature-check-off
echo "deb [signed-by=/usr/share/keyrings/acme.gpg] https://apt.acme.example stable main" > a.list
# ok: package-signature-check-off
npm config set registry https://npm.acme.example/
