"""The description of the interface for programs (docs/openapi.yaml, by `manage.py spectacular`)."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from ..tenancy import across_congresses

# What every call may answer besides its own; 400 names the fields, the others say a sentence.
SENTENCE = {"$ref": "#/components/schemas/Refusal"}
FAULTS = {"oneOf": [{"type": "object"}, {"type": "array", "items": {"type": "string"}}]}
ANSWERS = {
    "400": ("What was sent cannot be read; by field, in words.", FAULTS),
    "401": ("No token, or one that is over.", SENTENCE),
    "403": ("Not for this role.", SENTENCE),
    "404": ("Not there, or not to be seen by this member.", SENTENCE),
    "409": ("Not at this moment, or not allowed by the rules; the sentence says why.", SENTENCE),
}


class Description(SchemaGenerator):
    """Written outside a congress: filters look at models, no row is read."""

    def get_schema(self, request=None, public=False):
        with across_congresses():
            schema = super().get_schema(request, public)
        schema["components"]["schemas"]["Refusal"] = {
            "type": "object",
            "properties": {"detail": {"type": "string"}},
            "required": ["detail"],
        }
        for methods in schema["paths"].values():
            for operation in methods.values():
                for code, (words, answer) in ANSWERS.items():
                    content = {"application/json": {"schema": answer}}
                    told = {"description": words, "content": content}
                    operation["responses"].setdefault(code, told)
        return schema


class TokenScheme(OpenApiAuthenticationExtension):
    """How a program says who it is."""

    target_class = "congress.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "成员的接口密钥，由安全管理员在该成员的页面上创建。",
        }
