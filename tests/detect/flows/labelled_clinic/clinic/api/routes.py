import logging

import aiohttp
from fastapi import APIRouter, Depends

from ..anon import generalise
from ..model import Patient
from ..records import load_chart
from ..service import Clinic, boot

router = APIRouter()
logger = logging.getLogger("api")
clinic = boot()


def current(ident: int) -> Patient:
    return Patient(ident, "0+")


@router.get("/chart")
async def chart(ident: int):
    return {"chart": clinic.chart(ident)}  # leak


@router.get("/ward")
async def ward(patient: Patient = Depends(current)):
    logger.info(patient.blood)  # leak
    return patient.ward  # clean


@router.post("/blood")
async def blood(patient: Patient = Depends(current)):
    result = {"ward": patient.ward}
    if patient.ward == "A":
        result["blood"] = patient.blood
    return result  # leak


@router.get("/stats")
async def stats(ident: int):
    return [generalise(each) for each in [load_chart(ident)]]  # clean


def helper(ident: int):
    return load_chart(ident)


async def push(ident: int):
    async with aiohttp.ClientSession() as session:
        async with session.post("https://other.example/", json={"c": helper(ident)}) as answer:  # leak
            logger.info(answer.status)  # clean
        await session.post("https://lab.example/", json={"c": helper(ident)})  # clean


async def pages(ident: int):
    async for part in walk(ident):
        logger.info("%s", part)  # leak
    logger.info("%s", [number async for number, _ in numbered(ident)])  # clean
    logger.info("%s", [text async for _, text in numbered(ident)])  # leak


async def walk(ident: int):
    yield load_chart(ident)


async def numbered(ident: int):
    number = 0
    async for part in walk(ident):
        yield number, part
        number += 1


class Handler(Clinic):
    def handle(self, ident: int, person):
        super().audit(ident)
        logger.info("%s", person.full_name)  # leak
        logger.info(f"{self.title}: {self.chart(ident)!s}")  # leak
        logger.info(f"{self.title}")  # clean
        match person:
            case Patient(blood=kind, ward=place):
                logger.info(kind)  # leak
                logger.info(place)  # clean
            case {"icd_code": code, "id": number}:
                logger.info(code)  # leak
                logger.info(number)  # clean
