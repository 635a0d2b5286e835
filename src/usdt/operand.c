/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parses where a mark's value is. gcc and clang write SIZE@OPERAND, with a negative SIZE for
 * signed numbers and the operand as in their assembly: x86 in either syntax ("$5", "5",
 * "%eax", "eax", "-8(%rbp,%rax,4)"), arm64 ("5", "x1", "w1", "[sp, 16]").
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/user.h>

#include "usdt/notes.h"

#define WORD_MAX 12

/* Takes a word of letters and digits. Returns its length, 0 if there is none or it is too long. */
static size_t take_word(const char **text, char word[WORD_MAX])
{
	size_t n = strspn(*text, "abcdefghijklmnopqrstuvwxyz0123456789");

	if (n >= WORD_MAX)
		return 0;
	memcpy(word, *text, n);
	word[n] = '\0';
	*text += n;
	return n;
}

#if defined(__x86_64__)
#define PLACE(field) offsetof(struct user_regs_struct, field)

static const struct {
	uint16_t place;
	/* NULL ends them. */
	const char *names[5];
} registers[] = {
	// clang-format off
	{PLACE(rax), {"rax", "eax",  "ax",   "al"}},
	{PLACE(rbx), {"rbx", "ebx",  "bx",   "bl"}},
	{PLACE(rcx), {"rcx", "ecx",  "cx",   "cl"}},
	{PLACE(rdx), {"rdx", "edx",  "dx",   "dl"}},
	{PLACE(rsi), {"rsi", "esi",  "si",   "sil"}},
	{PLACE(rdi), {"rdi", "edi",  "di",   "dil"}},
	{PLACE(rbp), {"rbp", "ebp",  "bp",   "bpl"}},
	{PLACE(rsp), {"rsp", "esp",  "sp",   "spl"}},
	{PLACE(r8),  {"r8",  "r8d",  "r8w",  "r8b"}},
	{PLACE(r9),  {"r9",  "r9d",  "r9w",  "r9b"}},
	{PLACE(r10), {"r10", "r10d", "r10w", "r10b"}},
	{PLACE(r11), {"r11", "r11d", "r11w", "r11b"}},
	{PLACE(r12), {"r12", "r12d", "r12w", "r12b"}},
	{PLACE(r13), {"r13", "r13d", "r13w", "r13b"}},
	{PLACE(r14), {"r14", "r14d", "r14w", "r14b"}},
	{PLACE(r15), {"r15", "r15d", "r15w", "r15b"}},
	// clang-format on
};

static uint16_t find_register(const char *name)
{
	for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		for (size_t k = 0; registers[i].names[k]; k++)
			if (!strcmp(registers[i].names[k], name))
				return registers[i].place;
	return PW_NO_REGISTER;
}
#elif defined(__aarch64__)
/* struct user_pt_regs: x0 to x30, then sp. */
static uint16_t find_register(const char *name)
{
	char *end;
	unsigned long n;

	if (!strcmp(name, "sp"))
		return 31 * 8;
	if ((name[0] != 'x' && name[0] != 'w') || name[1] < '0' || name[1] > '9')
		return PW_NO_REGISTER;
	n = strtoul(name + 1, &end, 10);
	return *end || n > 30 ? PW_NO_REGISTER : (uint16_t)(n * 8);
}
#else
static uint16_t find_register(const char *name)
{
	(void)name;
	return PW_NO_REGISTER;
}
#endif

static bool take_register(const char **text, uint16_t *place)
{
	char word[WORD_MAX];

	if (**text == '%')
		++*text;
	if (!take_word(text, word))
		return false;
	*place = find_register(word);
	return *place != PW_NO_REGISTER;
}

/* Takes "5", "-5" or "0x10": at least one digit, up to 2^64 - 1. */
static bool take_number(const char **text, uint64_t *value)
{
	const char *digits = *text + (**text == '-');
	char *end;

	if (*digits < '0' || *digits > '9')
		return false;
	errno = 0;
	*value = strtoull(*text, &end, 0);
	*text = end;
	return errno == 0;
}

static void skip(const char **text, char c)
{
	while (**text == c)
		++*text;
}

/* Takes "(base)", "(base,index)", "(base,index,scale)" or "(,index,scale)", which follow the offset. */
static bool take_x86_memory(const char **text, struct pw_operand *o)
{
	uint64_t scale = 1;

	++*text;
	if (**text != ',' && !take_register(text, &o->base))
		return false;
	if (**text == ',') {
		++*text;
		if (!take_register(text, &o->index))
			return false;
	}
	if (**text == ',') {
		++*text;
		if (!take_number(text, &scale))
			return false;
	}
	while (o->scale < 3 && 1u << o->scale != scale)
		o->scale++;
	return *(*text)++ == ')' && 1u << o->scale == scale;
}

/* Takes "[base]", "[base, 16]" or "[base, #16]". */
static bool take_arm_memory(const char **text, struct pw_operand *o)
{
	++*text;
	if (!take_register(text, &o->base))
		return false;
	if (**text == ',') {
		++*text;
		skip(text, ' ');
		skip(text, '#');
		if (!take_number(text, &o->offset))
			return false;
	}
	return *(*text)++ == ']';
}

static bool take_operand(const char **text, struct pw_operand *o)
{
	bool number;

	if (**text == '[') {
		o->kind = PW_OPERAND_MEMORY;
		return take_arm_memory(text, o);
	}
	if (**text == '$') {
		++*text;
		o->kind = PW_OPERAND_CONSTANT;
		return take_number(text, &o->offset);
	}
	number = take_number(text, &o->offset);
	if (**text == '(') {
		o->kind = PW_OPERAND_MEMORY;
		return take_x86_memory(text, o);
	}
	o->kind = number ? PW_OPERAND_CONSTANT : PW_OPERAND_REGISTER;
	return number || take_register(text, &o->base);
}

bool pw_operand_parse(struct pw_operand *operand, const char *arguments)
{
	struct pw_operand o = {.base = PW_NO_REGISTER, .index = PW_NO_REGISTER};
	const char *at = arguments;
	uint64_t size;

	*operand = (struct pw_operand){.base = PW_NO_REGISTER, .index = PW_NO_REGISTER};
	skip(&at, ' ');
	o.is_signed = *at == '-';
	at += o.is_signed;
	if (!take_number(&at, &size) || (size != 1 && size != 2 && size != 4 && size != 8) || *at++ != '@')
		return false;
	o.size = (uint8_t)size;
	if (!take_operand(&at, &o) || (*at && *at != ' '))
		return false;
	*operand = o;
	return true;
}
