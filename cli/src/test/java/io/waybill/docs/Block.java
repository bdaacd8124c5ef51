package io.waybill.docs;

import java.util.List;

/**
 * A fenced block of a page.
 *
 * @param page the page's name
 * @param at the line of its fence, from 1
 * @param language the words behind the fence
 * @param mark what the comment on the line before says, or nothing
 * @param lines what stands in it
 */
record Block(String page, int at, String language, String mark, List<String> lines) {

    Block with(List<String> others) {
        return new Block(page, at, language, mark, others);
    }

    String text() {
        return String.join("\n", lines);
    }

    @Override
    public String toString() {
        return "%s:%d: %s".formatted(page, at, language);
    }
}
