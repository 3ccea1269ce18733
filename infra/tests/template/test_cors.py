"""The CORS configuration that CloudFormation gets from SAM: all of it, whatever the parameters are.

    python -m unittest discover infra/tests/template
"""

import pathlib
import unittest

from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

ROOT = pathlib.Path(__file__).parents[3]


def cors(parameters):
    template = yaml_parse((ROOT / "template.yaml").read_text())
    template["Globals"]["Function"]["CodeUri"] = "s3://bucket/code.zip"
    translated = Translator({}, Parser()).translate(template, parameters)
    return translated["Resources"]["Api"]["Properties"]["Body"]["x-amazon-apigateway-cors"]


class Cors(unittest.TestCase):
    def test_headers_of_the_parameter_stand_beside_those_that_the_api_reads(self):
        for parameters, more in [
            ({}, "traceparent,tracestate,baggage,sentry-trace"),
            ({"CorsAllowHeaders": "x-one,x-two"}, "x-one,x-two"),
        ]:
            split = cors(parameters)["allowHeaders"]["Fn::Split"]
            # Parameters are in the text already, as CloudFormation would put them in.
            text = f"content-type,authorization,if-match,if-none-match,idempotency-key,{more}"
            self.assertEqual(split, [",", {"Fn::Sub": text}])

    def test_nothing_of_it_is_dropped(self):
        origins = ["https://app.example.com", "capacitor://localhost"]
        translated = cors({"CorsOrigins": origins})
        self.assertEqual(translated["allowOrigins"], origins)
        self.assertIs(translated["allowCredentials"], True)
        self.assertEqual(translated["maxAge"], 7200)
        self.assertIn("PATCH", translated["allowMethods"])
        self.assertIn("set-auth-token", translated["exposeHeaders"])


if __name__ == "__main__":
    unittest.main()
