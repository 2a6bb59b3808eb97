from flask import request
from fastapi import APIRouter, Depends, FastAPI
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView
from rest_framework.views import APIView as View

app = FastAPI()
router = APIRouter()


# ruleid: public-endpoint-without-throttle
@app.post("/login")
def login(form: Form = Depends()):
    return token_for(form)


# ruleid: public-endpoint-without-throttle
@router.get("/api/v1/users/search", response_model=list[UserPublic])
async def search(
    q: str,
    db=Depends(session),
):
    return await find(db, q)


# ruleid: public-endpoint-without-throttle
@app.route("/forgot-password", methods=["POST"])
def forgot():
    return send_mail(request.form["email"])


# ok: public-endpoint-without-throttle
@app.post("/login")
@limiter.limit("5/minute")
async def limited(request: Request, form: Form = Depends()):
    return await token_for(form)


# ok: public-endpoint-without-throttle
@app.post("/login", dependencies=[Depends(RateLimiter(times=5, seconds=60))])
async def limited_by_dependency(form: Form = Depends()):
    return await token_for(form)


# ok: public-endpoint-without-throttle
@app.post("/reset")
async def limited_by_parameter(form: Form, _: None = Depends(throttle("reset"))):
    return await token_for(form)


# ok: public-endpoint-without-throttle
@app.post("/register")
async def limited_by_annotation(form: Form, quota: Annotated[None, Depends(quota_left)]):
    return await token_for(form)


# ok: public-endpoint-without-throttle
@app.get("/health")
def health():
    return {"ok": True}


# ruleid: public-endpoint-without-throttle
class OpenView(APIView):
    permission_classes = [AllowAny]

    def post(self, request):
        return Response(token_for(request.data))


# ok: public-endpoint-without-throttle
class ThrottledView(APIView):
    permission_classes = [AllowAny]
    throttle_classes = [AnonRateThrottle]

    def post(self, request):
        return Response(token_for(request.data))


# ok: public-endpoint-without-throttle
class ScopedView(View):
    permission_classes = [AllowAny]
    throttle_scope = "login"


# ok: public-endpoint-without-throttle
class PrivateView(APIView):
    permission_classes = [IsAuthenticated]
