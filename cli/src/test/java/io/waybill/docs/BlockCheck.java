package io.waybill.docs;

import java.nio.file.Files;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a block is of a kind that something holds, and says what is true. */
final class BlockCheck {

    private static final String README = "README.md";
    private static final String INTERPRETATION = "docs/interpretation.md";
    private static final Pattern CHECKED = Pattern.compile("checked by (?<file>\\S+/src/test/java/\\S+\\.java)");

    private BlockCheck() {}

    /** What is wrong with the block, if anything. */
    static Optional<String> problem(Block block) {
        try {
            check(block);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(block + ": " + e.getMessage());
        }
    }

    /** Whether another test runs the block, or it is a picture. */
    static boolean isHeldElsewhere(Block block) {
        return block.mark().equals("drawing")
                || block.mark().equals("walkthrough")
                || CHECKED.matcher(block.mark()).matches()
                || block.language().split(" ", 2)[0].equals("example");
    }

    private static void check(Block block) {
        if (Quotes.isQuoted(block)) {
            Quotes.check(block);
            return;
        }
        if (checkedElsewhere(block)) {
            return;
        }
        String kind = block.language().split(" ", 2)[0];
        switch (kind) {
            case "java", "sql", "scala", "python" -> Quotes.check(block);
            case "sh" -> {
                marks(block, block.page().equals(README) ? "(first|spark) command" : "");
                Shell.lines(block.lines()).forEach(Commands::check);
            }
            case "console" -> {
                require(
                        block.page().equals(README) && block.mark().equals("walkthrough"),
                        "only the walkthrough is run");
                block.lines().stream()
                        .filter(line -> line.startsWith("$ "))
                        .forEach(line -> Commands.check(line.substring(2)));
            }
            case "xml" -> {
                marks(block, "");
                XmlBlock.check(block);
            }
            case "json" -> {
                marks(block, "model [a-z0-9]+ [A-Za-z]+");
                JsonBlock.check(block);
            }
            case "text" -> {
                marks(block, "drawing");
                if (block.mark().isEmpty()) {
                    TextBlock.check(block);
                }
            }
            case "example" -> require(block.page().equals(INTERPRETATION), "examples are run in " + INTERPRETATION);
            default -> throw new IllegalArgumentException("nothing holds a block of the kind '%s'".formatted(kind));
        }
    }

    /** Whether a test of another module says so, which must name the page. */
    private static boolean checkedElsewhere(Block block) {
        Matcher checked = CHECKED.matcher(block.mark());
        if (!checked.matches()) {
            return false;
        }
        String file = checked.group("file");
        String page = block.page().substring(block.page().lastIndexOf('/') + 1);
        require(
                Files.exists(Repository.file(file)) && Repository.text(file).contains('"' + page + '"'),
                "%s does not read %s".formatted(file, page));
        return true;
    }

    private static void marks(Block block, String known) {
        require(block.mark().isEmpty() || block.mark().matches(known), "unknown mark: " + block.mark());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
