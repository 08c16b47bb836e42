"""Suggestions: rules, papers, handling, judgement, and what lives on after the reply."""

from .changing import UnitChange, UnitObjection
from .commending import Commendation
from .contacts import Contact, ContactConfirmation
from .coordinating import Coordination, CoordinationTask
from .following import (
    ClassChange,
    Promise,
    PromiseEvent,
    PublicationDecision,
    Supervision,
    SupervisionDeputy,
    SupervisionEvent,
    Urge,
)
from .handling import Assignment, AssignmentBatch, ProposedTask
from .intake import Attachment, Review, Revision, Signature
from .judging import Feedback, FeedbackCorrection, Rating, Study
from .lookbacks import LookBack, LookBackItem
from .merging import MergedItem, MergeGroup
from .papers import NumberSeries, Suggestion, WishedUnit
from .received import Received
from .replies import JointOpinion, OpinionWaiver, Reply, ReplyPoint, Service, SupplementaryLetter
from .reports import YearlyReport
from .requests import ExtensionApproval, ExtensionRequest, ReturnRequest
from .reviewers import PreReviewer
from .rule_sets import Category, LikelyUnit, ResultClass, RuleSet
from .scores import ScoreIndicator, ScoreObjection, ScoreResult, ScoreSheet

__all__ = [
    "Assignment",
    "AssignmentBatch",
    "Attachment",
    "Category",
    "ClassChange",
    "Commendation",
    "Contact",
    "ContactConfirmation",
    "Coordination",
    "CoordinationTask",
    "ExtensionApproval",
    "ExtensionRequest",
    "Feedback",
    "FeedbackCorrection",
    "JointOpinion",
    "LookBack",
    "LookBackItem",
    "LikelyUnit",
    "MergeGroup",
    "MergedItem",
    "NumberSeries",
    "OpinionWaiver",
    "PreReviewer",
    "Promise",
    "PromiseEvent",
    "ProposedTask",
    "PublicationDecision",
    "Rating",
    "Received",
    "Reply",
    "ReplyPoint",
    "ResultClass",
    "ReturnRequest",
    "Review",
    "Revision",
    "RuleSet",
    "ScoreIndicator",
    "ScoreObjection",
    "ScoreResult",
    "ScoreSheet",
    "Service",
    "Signature",
    "Study",
    "Suggestion",
    "SupplementaryLetter",
    "Supervision",
    "SupervisionDeputy",
    "SupervisionEvent",
    "UnitChange",
    "UnitObjection",
    "Urge",
    "WishedUnit",
    "YearlyReport",
]
