package io.waybill.docs;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether code within a sentence names what there is: commands, options, types, methods, files, variables. */
final class SpanCheck {

    private static final Pattern TYPE =
            Pattern.compile("(?:(?<package>(?:[a-z]\\w*\\.)+))?(?<type>[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)"
                    + "(?:[.#](?<member>\\w+))?(?<arguments>\\(.*\\))?");
    private static final Pattern METHOD =
            Pattern.compile("(?:[a-z]\\w*\\.)?(?<member>[a-z]\\w*)(?<arguments>\\(.*\\))");
    private static final Pattern ARGUMENT = Pattern.compile("\\b([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?");
    private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*");
    private static final Pattern FILE = Pattern.compile("(\\.ci|docs|[a-z]+(-[a-z]+)*)/[^ *=…]*");
    private static final Pattern PACKAGE = Pattern.compile("io\\.waybill(\\.[a-z]+)+");

    /** Types, members and values of others, of which nothing here knows. */
    private static final Set<String> OTHERS = Set.of(
            // of the Analytics SDKs and the programs that interpretation.md compares with
            "ToJson",
            "ToJsonWithGeo",
            "JSONSchema",
            "StreamReader",
            "True",
            "SnowplowEvent",
            "ValueDecoder",
            "SchemaVer",
            "CirceIgluCodecs",
            "JsonShredder",
            "create_manifest_table(client, table)",
            "list_runids(s3, 's3://bucket/archive/')",
            // of Maven's plugin for fat jars
            "ServicesResourceTransformer",
            // members of DynamoDB's answers and of Spark's datasets
            "UnprocessedKeys",
            "explain()",
            // what Delta and Iceberg throw
            "ConcurrentAppendException",
            "ProtocolChangedException",
            "CommitFailedException",
            // of AWS Lambda, Flink and Kafka Streams
            "ReportBatchItemFailures",
            "ProcessFunction",
            "mapValues(transformer::transform)",
            // what an ADR decided against
            "commitItem(claim, details)");

    private static final String LAUNCHER = "cli/src/main/dist/bin/waybill";

    private SpanCheck() {}

    /** What is wrong with the span, if anything. */
    static Optional<String> problem(String page, Page.Span span) {
        try {
            check(span.text());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("%s:%d: `%s`: %s".formatted(page, span.at(), span.text(), e.getMessage()));
        }
    }

    /** The words of the span if it is a command or an option, otherwise none. */
    static List<String> command(String text) {
        List<List<String>> commands = words(text.replaceFirst("^source <\\((.*)\\)$", "$1"));
        if (commands.isEmpty()) {
            return List.of();
        }
        List<String> first = commands.get(0);
        boolean isCommand = Commands.isCommand(first)
                || (ToolCommand.names().contains(first.get(0)) && first.size() > 1)
                || first.get(0).matches("--[a-z].*");
        return isCommand ? first : List.of();
    }

    private static void check(String text) {
        List<String> first = command(text);
        if (OTHERS.contains(text)) {
            return;
        }
        if (first.isEmpty()) {
            name(text);
            return;
        }
        if (Commands.isCommand(first)) {
            Commands.check(first, true);
        } else if (first.get(0).startsWith("--")) {
            option(first);
        } else {
            ToolCommand.checkMention(first);
        }
    }

    private static List<List<String>> words(String text) {
        try {
            return Shell.commands(text);
        } catch (IllegalArgumentException e) {
            return List.of(); // a quote without an end: no command
        }
    }

    private static void option(List<String> words) {
        String name = words.get(0).replaceFirst("=.*", "");
        if (ToolCommand.hasOption(name)) {
            ToolCommand.checkOption(words);
        } else {
            require(
                    Repository.anySourceHas('"' + name + '"', "benchmarks/")
                            || name.matches("--add-modules|--add-opens"), // Java's own
                    "no command has the option " + name);
        }
    }

    private static void name(String text) {
        Matcher type = TYPE.matcher(text);
        Matcher method = METHOD.matcher(text);
        if (PACKAGE.matcher(text).matches()) {
            require(JavaNames.isPackage(text), "there is no such package");
        } else if (text.matches("WAYBILL_[A-Z_]*")) {
            require(
                    Repository.text(LAUNCHER).contains(text) || Repository.anySourceHas(text, "cli/src/main"),
                    "no variable");
        } else if (CONSTANT.matcher(text).matches()) {
            return;
        } else if (type.matches()) {
            type(type.group("type"));
            member(type.group("type"), type.group("member"));
            arguments(type.group("arguments"));
        } else if (method.matches()) {
            require(JavaNames.isMethod(method.group("member")), "there is no such method");
            arguments(method.group("arguments"));
        } else if (FILE.matcher(text).matches() && Files.exists(Repository.file(text.replaceFirst("/.*", "")))) {
            require(text.contains("/target/") || Files.exists(Repository.file(text)), "there is no such file");
        }
    }

    private static void type(String simple) {
        require(
                JavaNames.isType(simple)
                        || JavaNames.isType(simple + "Request") // an operation of the SDK's
                        || Repository.anySourceHas('"' + simple + '"'),
                "there is no such type");
    }

    private static void member(String simple, String member) {
        require(member == null || JavaNames.hasMember(simple, member), "%s has no %s".formatted(simple, member));
    }

    private static void arguments(String text) {
        if (text != null) {
            ARGUMENT.matcher(text).results().forEach(name -> {
                type(name.group(1));
                member(name.group(1), name.group(2));
            });
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
