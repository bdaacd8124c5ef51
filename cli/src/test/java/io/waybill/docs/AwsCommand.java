package io.waybill.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;

/** Words for AWS's own command line: {@code aws SERVICE OPERATION --option VALUE…}, in its shorthand. */
final class AwsCommand {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private AwsCommand() {}

    /** The service's request that the words stand for, if they are right. */
    static SdkPojo check(List<String> words) {
        if (words.size() < 2) {
            throw new IllegalArgumentException("want a service and an operation");
        }
        String operation = camel(words.get(1));
        if (!SdkModel.hasOperation(words.get(0), operation)) {
            throw new IllegalArgumentException("%s has no operation %s".formatted(words.get(0), words.get(1)));
        }
        Map<String, List<String>> options = new LinkedHashMap<>();
        List<String> values = List.of();
        for (String word : words.subList(2, words.size())) {
            if (word.startsWith("--")) {
                values = new ArrayList<>();
                options.put(camel(word.substring(2)), values);
            } else {
                values.add(word);
            }
        }
        SdkPojo request = SdkModel.type(words.get(0), operation + "Request");
        ObjectNode object = JSON.objectNode();
        options.forEach((name, given) -> object.set(name, isList(request, name) ? list(given) : single(given)));
        return SdkModel.filled(request, object);
    }

    private static boolean isList(SdkPojo request, String member) {
        return request.sdkFields().stream()
                .filter(field -> field.memberName().equals(member))
                .map(SdkField::marshallingType)
                .anyMatch(MarshallingType.LIST::equals);
    }

    private static JsonNode list(List<String> given) {
        return JSON.arrayNode().addAll(given.stream().map(AwsCommand::shorthand).toList());
    }

    private static JsonNode single(List<String> given) {
        return JSON.textNode(String.join(" ", given));
    }

    /** {@code A=b,C=d}. */
    private static JsonNode shorthand(String word) {
        ObjectNode object = JSON.objectNode();
        for (String pair : word.split(",", -1)) {
            int equals = pair.indexOf('=');
            object.put(pair.substring(0, Math.max(0, equals)), pair.substring(equals + 1));
        }
        return object;
    }

    private static String camel(String kebab) {
        return Arrays.stream(kebab.split("-", -1))
                .map(part -> part.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1))
                .collect(Collectors.joining());
    }
}
