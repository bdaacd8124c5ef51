package io.waybill.docs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.RequiredTrait;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.utils.builder.Buildable;

/** The services' models as the SDK has them: operations, members and their values. */
final class SdkModel {

    private SdkModel() {}

    static Class<?> client(String service) {
        return switch (service) {
            case "dynamodb" -> DynamoDbClient.class;
            case "s3", "s3api" -> S3Client.class;
            default -> throw new IllegalArgumentException("this test knows no service " + service);
        };
    }

    /** Whether the service has the operation, such as {@code CreateTable}. */
    static boolean hasOperation(String service, String operation) {
        return Arrays.stream(client(service).getMethods())
                .anyMatch(method -> decapitalized(operation).equals(method.getName()));
    }

    /** A builder of the service's type, such as {@code CreateTableRequest}. */
    static SdkPojo type(String service, String name) {
        try {
            Class<?> type = Class.forName(client(service).getPackageName() + ".model." + name);
            return (SdkPojo) type.getMethod("builder").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("%s has no %s".formatted(service, name), e);
        }
    }

    /** The type with the object's members: only such as it has, all that are required, and with values of their kinds. */
    static SdkPojo filled(SdkPojo type, JsonNode object) {
        if (!object.isObject()) {
            throw new IllegalArgumentException("want an object, but this is " + object);
        }
        object.properties().forEach(member -> {
            SdkField<?> field = field(type, member.getKey());
            field.set(type, value(type, field, member.getValue()));
        });
        for (SdkField<?> field : type.sdkFields()) {
            if (field.containsTrait(RequiredTrait.class) && !object.has(field.memberName())) {
                throw new IllegalArgumentException("%s is missing in %s".formatted(field.memberName(), object));
            }
        }
        return type;
    }

    private static SdkField<?> field(SdkPojo type, String member) {
        return type.sdkFields().stream()
                .filter(field -> field.memberName().equals(member))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no member '%s', want one of %s"
                        .formatted(
                                member,
                                type.sdkFields().stream()
                                        .map(SdkField::memberName)
                                        .toList())));
    }

    private static Object value(SdkPojo type, SdkField<?> field, JsonNode value) {
        MarshallingType<?> kind = field.marshallingType();
        if (kind.equals(MarshallingType.SDK_POJO)) {
            return ((Buildable) filled(field.constructor().get(), value)).build();
        }
        if (kind.equals(MarshallingType.LIST)) {
            require(value.isArray(), field, value);
            SdkField<?> element = field.getTrait(ListTrait.class).memberFieldInfo();
            List<Object> elements = new ArrayList<>();
            value.forEach(each -> elements.add(value(type, element, each)));
            return elements;
        }
        if (kind.equals(MarshallingType.STRING)) {
            List<String> allowed = values(type, field.memberName());
            require(value.isTextual() && (allowed.isEmpty() || allowed.contains(value.asText())), field, value);
            return value.asText();
        }
        require(kind.equals(MarshallingType.INTEGER) && value.isInt(), field, value);
        return value.asInt();
    }

    /** The values of a member that has an enumeration; otherwise none. */
    private static List<String> values(SdkPojo type, String member) {
        return Stream.of(((Buildable) type).build().getClass().getMethods())
                .filter(method -> method.getParameterCount() == 0
                        && method.getName().equalsIgnoreCase(member)
                        && method.getReturnType().isEnum())
                .flatMap(method -> Stream.of(method.getReturnType().getEnumConstants()))
                .map(Object::toString)
                .toList();
    }

    private static void require(boolean condition, SdkField<?> field, JsonNode value) {
        if (!condition) {
            throw new IllegalArgumentException("no value of %s: %s".formatted(field.memberName(), value));
        }
    }

    private static String decapitalized(String name) {
        return name.isEmpty() ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
