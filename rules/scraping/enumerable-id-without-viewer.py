from flask import jsonify
from typing import Annotated
from uuid import UUID

from django.shortcuts import get_object_or_404
from fastapi import APIRouter, Depends, Security
from fastapi import Depends as Needs

router = APIRouter()
Viewer = Annotated[User, Depends(current_user)]


# ruleid: enumerable-id-without-viewer
@router.get("/users/{user_id}")
def read_user(user_id: int, db=Depends(session)):
    return db.get(User, user_id)


# ruleid: enumerable-id-without-viewer
@router.get("/api/v1/patients/{id}", response_model=PatientOut)
async def read_patient(
    id: int,
    db: Session = Needs(session),
):
    return await db.get(Patient, id)


# ruleid: enumerable-id-without-viewer
@router.get("/members/{member_id}/")
async def read_member(db: Annotated[Session, Depends(session)], member_id: int = Path(ge=1)):
    return await db.get(Member, member_id)


# ok: enumerable-id-without-viewer
@router.get("/users/{user_id}")
def viewer_asked(user_id: int, viewer: User = Depends(get_current_user)):
    return visible(viewer, user_id)


# ok: enumerable-id-without-viewer
@router.get("/users/{user_id}")
async def viewer_annotated(user_id: int, viewer: Viewer):
    return visible(viewer, user_id)


# ok: enumerable-id-without-viewer
@router.get("/users/{user_id}")
async def viewer_inline(user_id: int, viewer: Annotated[User, Depends(current_user)]):
    return visible(viewer, user_id)


# ok: enumerable-id-without-viewer
@router.get("/users/{user_id}", dependencies=[Security(check, scopes=["people"])])
async def guarded(user_id: int):
    return await load(user_id)


# ok: enumerable-id-without-viewer
@router.get("/users/{user_id}")
async def unguessable(user_id: UUID):
    return await load(user_id)


# ok: enumerable-id-without-viewer
@router.get("/posts/{post_id}")
async def a_post(post_id: int):
    return await load(post_id)


# ruleid: enumerable-id-without-viewer
@app.route("/user/<int:user_id>")
def flask_user(user_id):
    return jsonify(name=db.session.get(User, user_id).name)


# ruleid: enumerable-id-without-viewer
@blueprint.get("/customers/<int:number>/")
async def flask_customer(number):
    return jsonify(name=(await load(number)).name)


# ok: enumerable-id-without-viewer
@app.route("/user/<int:user_id>")
@login_required
def flask_guarded(user_id):
    return jsonify(name=db.session.get(User, user_id).name)


# ok: enumerable-id-without-viewer
@app.route("/user/<int:user_id>")
def flask_compared(user_id):
    if current_user.id != user_id:
        abort(403)
    return jsonify(name=db.session.get(User, user_id).name)


# ruleid: enumerable-id-without-viewer
def django_user(request, user_id):
    user = get_object_or_404(User, pk=user_id)
    return JsonResponse({"name": user.name})


# ruleid: enumerable-id-without-viewer
def django_profile(request, number):
    profile = models.Profile.objects.get(id=number)
    return render(request, "profile.html", {"profile": profile})


# ok: enumerable-id-without-viewer
@login_required
def django_guarded(request, user_id):
    user = get_object_or_404(User, pk=user_id)
    return JsonResponse({"name": user.name})


# ok: enumerable-id-without-viewer
def django_compared(request, user_id):
    user = get_object_or_404(User, pk=user_id)
    if user != request.user:
        raise PermissionDenied
    return JsonResponse({"name": user.name})


# ruleid: enumerable-id-without-viewer
class OpenUsers(ReadOnlyModelViewSet):
    queryset = User.objects.all()
    permission_classes = [AllowAny]


# ok: enumerable-id-without-viewer
class Users(ReadOnlyModelViewSet):
    queryset = User.objects.all()
    permission_classes = [IsAuthenticated]
