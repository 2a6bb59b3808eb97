import pydantic
import pydantic as pyd
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic import validator as check


class Order(BaseModel):
    # ok: legacy-pydantic
    model_config = ConfigDict(from_attributes=True)
    # ruleid: legacy-pydantic
    number: str = Field(regex="^[0-9]+$")
    # ok: legacy-pydantic
    lines: list[str] = Field(max_length=10)

    # ruleid: legacy-pydantic
    @check("number")
    def fits(cls, value):
        return value

    # ok: legacy-pydantic
    @field_validator("number")
    def is_number(cls, value):
        return value


# ruleid: legacy-pydantic
class Settings(pyd.BaseSettings):
    url: str


class Basket(pydantic.BaseModel):
    # ruleid: legacy-pydantic
    class Config:
        orm_mode = True


async def save(request, store):
    # ruleid: legacy-pydantic
    order = Order.parse_obj(await request.json())
    # ruleid: legacy-pydantic
    await store.add(order.dict(exclude_unset=True))
    # ok: legacy-pydantic
    order = Order.model_validate(await request.json())
    # ok: legacy-pydantic
    await store.add(order.model_dump(exclude_unset=True))
    # ok: legacy-pydantic
    return dict(order)
