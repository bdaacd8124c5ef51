package io.waybill.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.Region;

/** JSON: a type of AWS's model if the mark {@code model SERVICE TYPE} says so, otherwise a policy or its statements. */
final class JsonBlock {

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final Pattern MODEL = Pattern.compile("model (\\w+) (\\w+)");
    private static final Pattern ARN = Pattern.compile(
            "arn:aws:(dynamodb:(?<region>[a-z0-9-]+):\\d{12}:table/[\\w.-]+|s3:::[a-z0-9.-]+(/[^ ]*)?)");

    private static final Set<String> STATEMENT = Set.of("Effect", "Action", "Resource", "Condition");
    private static final Map<String, String> CONDITIONS =
            Map.of("ForAllValues:StringEquals", "dynamodb:LeadingKeys", "StringLike", "s3:prefix");

    /** The rights whose operation has another name. */
    private static final Map<String, String> OPERATIONS = Map.of(
            "s3:ListBucket", "ListObjectsV2",
            "s3:ListBucketMultipartUploads", "ListMultipartUploads",
            "dynamodb:ConditionCheckItem", "TransactWriteItems");

    private JsonBlock() {}

    static void check(Block block) {
        JsonNode json;
        try {
            json = MAPPER.readTree(block.text());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
        Matcher model = MODEL.matcher(block.mark());
        if (model.matches()) {
            SdkModel.filled(SdkModel.type(model.group(1), model.group(2)), json);
        } else if (json.isArray()) {
            json.forEach(JsonBlock::statement);
        } else {
            names(json, Set.of("Version", "Statement"));
            require(json.path("Version").asText().equals("2012-10-17"), "the version of policies is 2012-10-17");
            require(json.path("Statement").isArray(), "want a list of statements");
            json.path("Statement").forEach(JsonBlock::statement);
        }
    }

    private static void statement(JsonNode statement) {
        names(statement, STATEMENT);
        require(statement.path("Effect").asText().equals("Allow"), "want the effect Allow");
        List<String> actions = texts(statement.path("Action"));
        require(!actions.isEmpty(), "want an action");
        for (String action : actions) {
            int colon = action.indexOf(':');
            String service = action.substring(0, Math.max(0, colon));
            String operation = OPERATIONS.getOrDefault(action, action.substring(colon + 1));
            require(SdkModel.hasOperation(service, operation), "no action: " + action);
            require(
                    statement.path("Resource").asText().startsWith("arn:aws:" + service + ":"),
                    "%s is no right to %s".formatted(action, statement.path("Resource")));
        }
        Matcher arn = ARN.matcher(statement.path("Resource").asText());
        require(arn.matches(), "no resource: " + statement.path("Resource"));
        require(
                arn.group("region") == null || Region.regions().contains(Region.of(arn.group("region"))),
                "no region: " + arn.group("region"));
        statement.path("Condition").properties().forEach(condition -> {
            require(CONDITIONS.containsKey(condition.getKey()), "unknown to this test: " + condition.getKey());
            names(condition.getValue(), Set.of(CONDITIONS.get(condition.getKey())));
        });
    }

    private static List<String> texts(JsonNode oneOrMore) {
        return MAPPER.convertValue(
                oneOrMore.isTextual() ? MAPPER.createArrayNode().add(oneOrMore) : oneOrMore,
                MAPPER.getTypeFactory().constructCollectionType(List.class, String.class));
    }

    private static void names(JsonNode object, Set<String> known) {
        require(object.isObject(), "want an object: " + object);
        object.fieldNames().forEachRemaining(name -> require(known.contains(name), "unknown to this test: " + name));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
