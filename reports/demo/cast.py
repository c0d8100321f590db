"""Who appears in the demo workspace: an invented company, its team and its customers.

Every domain ends in .example, which nobody can own.
"""

from dataclasses import dataclass

COMPANY = "Tidewater"
SLUG = "tidewater"
OTHER_COMPANY = "Tidewater Softworks"
OTHER_SLUG = "tidewater-softworks"
PASSWORD = "tidewater-demo"

# name, e-mail's local part, role
TEAM = [
    ("Ingrid Solberg", "admin", "admin"),
    ("Marcus Oyelaran", "manager", "manager"),
    ("Priya Raman", "csm", "csm"),
    ("Tomás Herrera", "tomas", "csm"),
    ("Helen Achterberg", "helen", "csm"),
    ("Jonas Weiss", "jonas", "csm"),
    ("Claire Dubois", "executive", "executive"),
]
CUSTOMER = ("Ruth Kessler", "ruth.kessler@brightwell.example", "Brightwell Energy")

FEATURES = {
    "plan": ["schedule.board", "schedule.week", "schedule.calendar"],
    "field": ["jobs.mobile", "jobs.photos", "jobs.signature"],
    "measure": ["reports.utilisation", "reports.first_fix", "reports.export"],
    "automate": ["automation.rules", "schedule.autofill", "dispatch.optimise"],
    "connect": ["integrations.erp", "api.sync"],
}
STEPS = list(FEATURES)


@dataclass(frozen=True)
class Customer:
    """One customer of the demo company.

    shape: how usage runs over the months (see `events.strength`); users: people at
    full strength; depth: how many groups of FEATURES are in use by the end, 1 to 5;
    since: months ago that they became a customer.
    """

    name: str
    domain: str
    industry: str
    region: str
    tier: int
    arr: int
    users: int
    depth: int
    shape: str
    since: int


TOP = [
    ("Brightwell Energy", "brightwell.example", "Energy", "Nordics", 186_000, 46, 4, "growth", 30),
    ("Northgate Facilities", "northgate-fm.example", "Facilities", "UK", 164_000, 42, 4, "slip", 26),
    ("Calder Water", "calderwater.example", "Utilities", "UK", 148_500, 38, 5, "steady", 34),
    ("Meridian Lifts", "meridianlifts.example", "Lifts", "DACH", 132_000, 33, 3, "decline", 22),
    ("Sundby Elektro", "sundby.example", "Electrical", "Nordics", 121_000, 30, 4, "growth", 19),
    ("Kestrel Rail Services", "kestrelrail.example", "Rail", "UK", 117_000, 28, 3, "recover", 24),
    ("Atelier Thermique", "atelier-thermique.example", "Heating", "France", 108_000, 26, 5, "steady", 28),
    ("Port of Valdane", "valdaneport.example", "Ports", "France", 102_000, 24, 3, "season", 16),
]
NAMES = [
    ("Alder & Pine Gardens", "Grounds"),
    ("Ashgrove Care", "Care"),
    ("Aurelia Cooling", "Cooling"),
    ("Bellweather Solar", "Energy"),
    ("Birchfield Housing", "Housing"),
    ("Blackwater Drainage", "Utilities"),
    ("Bluebird Cleaning", "Cleaning"),
    ("Castellan Security", "Security"),
    ("Clearspan Windows", "Glazing"),
    ("Copperline Telecom", "Telecom"),
    ("Corran Marine", "Marine"),
    ("Daylight Lighting", "Electrical"),
    ("Dunmore Dairies", "Food"),
    ("Eastmark Elevators", "Lifts"),
    ("Edelweiss Heizung", "Heating"),
    ("Elmwood Appliances", "Appliances"),
    ("Fairhaven Hospitals", "Care"),
    ("Fennimore Fire Safety", "Safety"),
    ("Ferrum Gates", "Security"),
    ("Glenrock Quarries", "Mining"),
    ("Granary Robotics", "Machinery"),
    ("Greenfold Parks", "Grounds"),
    ("Halcyon Pools", "Leisure"),
    ("Harrow Street Motors", "Vehicles"),
    ("Hexham Hygiene", "Cleaning"),
    ("Ironbridge Boilers", "Heating"),
    ("Juniper Medical", "Care"),
    ("Kingsway Couriers", "Logistics"),
    ("Lantern Broadband", "Telecom"),
    ("Lindqvist Tak", "Roofing"),
    ("Maplecroft Estates", "Housing"),
    ("Marlow Pest Control", "Hygiene"),
    ("Millrace Hydro", "Energy"),
    ("Monarch Vending", "Vending"),
    ("Nordlys Ventilation", "Cooling"),
    ("Oakhurst Joinery", "Building"),
    ("Old Harbour Hotels", "Leisure"),
    ("Palisade Fencing", "Building"),
    ("Pemberton Printers", "Machinery"),
    ("Quayside Cranes", "Machinery"),
    ("Redfern Refrigeration", "Cooling"),
    ("Riverbank Labs", "Laboratory"),
    ("Rosehip Catering", "Food"),
    ("Saltmarsh Wind", "Energy"),
    ("Silverleaf Audio", "Events"),
    ("Stonegate Schools", "Education"),
    ("Summit Scaffolding", "Building"),
    ("Thornbury Tyres", "Vehicles"),
    ("Umber Paints", "Building"),
    ("Vantage Signs", "Signage"),
    ("Westerly Waste", "Waste"),
    ("Yarrow Physiotherapy", "Care"),
]
SHAPES = ["steady", "growth", "steady", "decline", "season", "steady", "churn", "late", "slip", "growth"]
REGIONS = ["UK", "DACH", "Nordics", "France", "Benelux"]


def customers() -> list[Customer]:
    """The sixty customers, biggest first."""
    top = [
        Customer(name, domain, industry, region, 1, arr, users, depth, shape, since)
        for name, domain, industry, region, arr, users, depth, shape, since in TOP
    ]
    return top + [_smaller(number, *entry) for number, entry in enumerate(NAMES)]


def _smaller(number: int, name: str, industry: str) -> Customer:
    tier = 2 if number % 13 < 5 else 3
    base = 61_000 if tier == 2 else 14_500
    slug = "".join(char for char in name.lower() if char.isalnum() or char == " ").split()
    return Customer(
        name=name,
        domain="-".join(slug[:2]) + ".example",
        industry=industry,
        region=REGIONS[number % len(REGIONS)],
        tier=tier,
        arr=base - (number * 7_919) % (base // 2) // 500 * 500,
        users=(9 if tier == 2 else 4) + (number * 5) % 7,
        depth=1 + (number * 3) % 4,
        shape=SHAPES[(number * 7) % len(SHAPES)],
        since=3 if SHAPES[(number * 7) % len(SHAPES)] == "late" else 12 + (number * 11) % 26,
    )


def lookalikes() -> list[Customer]:
    """Customers of the other company, whose names are easily taken for those of the first."""
    return [
        Customer("Brightwell Energie", "brightwell.example", "Energy", "DACH", 1, 42_000, 9, 2, "steady", 20),
        Customer("Northgate Facility", "northgate.example", "Offices", "UK", 2, 17_500, 6, 1, "growth", 14),
        Customer("Calder Waters", "calderwaters.example", "Utilities", "UK", 2, 12_000, 5, 2, "decline", 18),
    ]
