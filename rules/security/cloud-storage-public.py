import boto3
from azure.storage.blob import BlobServiceClient as Blobs
from boto3 import client as connect

# ruleid: cloud-storage-public
AWS_DEFAULT_ACL = "public-read"


def put(name, body):
    s3 = boto3.client("s3")
    # ruleid: cloud-storage-public
    s3.put_object(Bucket="reports", Key=name, Body=body, ACL="public-read")
    # ruleid: cloud-storage-public
    s3.upload_file(name, "reports", name, ExtraArgs={"ACL": "public-read-write"})
    # ok: cloud-storage-public
    s3.put_object(Bucket="reports", Key=name, Body=body)
    # ok: cloud-storage-public
    s3.put_object(Bucket="reports", Key=name, Body=body, ACL="private")
    # ok: cloud-storage-public
    return s3.generate_presigned_url("get_object", Params={"Key": name}, ExpiresIn=300)


async def put_later(bucket, name, read):
    blob = bucket.blob(name)
    blob.upload_from_string(await read())
    # ruleid: cloud-storage-public
    blob.make_public()
    # ruleid: cloud-storage-public
    Blobs(await read()).create_container(
        name,
        public_access="container",
    )
    # ok: cloud-storage-public
    Blobs(await read()).create_container(name)
    return connect("s3")
