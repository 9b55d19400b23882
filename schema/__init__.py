"""The record of defence cooperation: its nouns, and the graph that reads them."""

from schema.agreement import Agreement as Agreement
from schema.change import ChangeEntry as ChangeEntry
from schema.claim import Claim as Claim
from schema.claim import Conflict as Conflict
from schema.claim import Passage as Passage
from schema.claim import Revision as Revision
from schema.classification import Classification as Classification
from schema.decision import Decision as Decision
from schema.delivery import Delivery as Delivery
from schema.edition import Edition as Edition
from schema.evaluation import Evaluation as Evaluation
from schema.event import Event as Event
from schema.identifier import Identifier as Identifier
from schema.index import SearchDoc as SearchDoc
from schema.involvement import Involvement as Involvement
from schema.item import Item as Item
from schema.lookup import declare_indexes as declare_indexes
from schema.milestone import Milestone as Milestone
from schema.name import Name as Name
from schema.official import Official as Official
from schema.party import Party as Party
from schema.procurement import Procurement as Procurement
from schema.source import Source as Source
from schema.statement import Statement as Statement
from schema.tenure import Tenure as Tenure
from schema.verbatim_span import VerbatimSpan as VerbatimSpan
