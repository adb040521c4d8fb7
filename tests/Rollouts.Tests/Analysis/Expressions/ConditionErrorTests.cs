using Rollouts.Analysis.Expressions;

namespace Rollouts.Tests.Analysis.Expressions;

public sealed class ConditionErrorTests
{
    [Theory]
    [InlineData("", "unexpected token EOF", 1, 1)]
    [InlineData("result >", "unexpected token EOF", 1, 9)]
    [InlineData("result between 1", "unexpected token Identifier(\"between\")", 1, 8)]
    [InlineData("(1 > 0", "unexpected token EOF", 1, 7)]
    [InlineData("true\n&& )", "unexpected token Bracket(\")\")", 2, 4)]
    [InlineData("[1, 2", "unexpected token EOF", 1, 6)]
    [InlineData("[,]", "unexpected token Operator(\",\")", 1, 2)]
    [InlineData("{a 1}", "unexpected token Number(\"1\")", 1, 4)]
    [InlineData("{[1]: 1}", "a map key must be a quoted string", 1, 2)]
    [InlineData("1[0]", "unexpected token Bracket(\"[\")", 1, 2)]
    [InlineData("result.", "expected name", 1, 8)]
    [InlineData("# > 1", "unexpected token Operator(\"#\")", 1, 1)]
    [InlineData(".x > 1", "unexpected token Operator(\".\")", 1, 1)]
    [InlineData("filter(result)", "expected at least 2 arguments", 1, 14)]
    [InlineData("map(result, #; 1)", "wrap predicate with brackets { and }", 1, 14)]
    [InlineData("result | len", "unexpected token EOF", 1, 13)]
    [InlineData("a ?? b == c", "Operator (==) and coalesce expressions (??) cannot be mixed", 1, 8)]
    [InlineData("result not 1", "unexpected token Number(\"1\")", 1, 12)]
    [InlineData("let x = 1", "unexpected token EOF", 1, 10)]
    [InlineData("if true { 1 }", "unexpected token EOF", 1, 14)]
    [InlineData("\"abc", "literal not terminated", 1, 1)]
    [InlineData("'a\nb'", "literal not terminated", 1, 1)]
    [InlineData("`abc", "literal not terminated", 1, 1)]
    [InlineData("/* abc", "unclosed comment", 1, 1)]
    [InlineData("\"\\q\"", "invalid char escape", 1, 1)]
    [InlineData("\"\\'\"", "invalid char escape", 1, 1)]
    [InlineData("\"\\u{}\"", "invalid char escape", 1, 1)]
    [InlineData("\"\\xg0\"", "invalid char escape", 1, 1)]
    [InlineData("\"\\477\"", "invalid char escape", 1, 1)]
    [InlineData("b\"\\u0041\"", "invalid char escape", 1, 1)]
    [InlineData("12abc", "bad number syntax: \"12abc\"", 1, 1)]
    [InlineData("0x", "invalid hex literal", 1, 1)]
    [InlineData("0x1.5", "invalid hex literal", 1, 1)]
    [InlineData("1e", "invalid float literal", 1, 1)]
    [InlineData("1e999", "invalid float literal", 1, 1)]
    [InlineData("9223372036854775808", "value out of range", 1, 1)]
    [InlineData("result ~ 1", "unrecognized character: U+007E '~'", 1, 8)]
    [InlineData("result é", "unexpected token Identifier(\"é\")", 1, 8)]
    [InlineData("result “a”", "unrecognized character: U+201C '“'", 1, 8)]
    [InlineData("result @", "unrecognized character: U+0040 '@'", 1, 8)]
    public void TryParse_NoCondition_SaysWhatAndWhere(string source, string message, int line, int column)
    {
        Assert.False(Condition.TryParse(source, out var condition, out var problem));

        Assert.Null(condition);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Equal(problem, Assert.Throws<ConditionException>(() => Condition.Parse(source)).Problem);
    }

    [Theory]
    [InlineData("3", "bogus", "unknown name bogus", 1)]
    [InlineData("3", "bogus(1)", "unknown name bogus", 1)]
    [InlineData("3", "result", "expected bool, but got float64", 1)]
    [InlineData("3", "1", "expected bool, but got int", 1)]
    [InlineData("3", "nil", "expected bool, but got <nil>", 1)]
    [InlineData("3", "[1]", "expected bool, but got []interface {}", 1)]
    [InlineData("3", "result == \"3\"", "invalid operation: == (mismatched types float64 and string)", 8)]
    [InlineData("3", "result > \"3\"", "invalid operation: > (mismatched types float64 and string)", 8)]
    [InlineData("3", "result && true", "invalid operation: && (mismatched types float64 and bool)", 8)]
    [InlineData("3", "!result", "invalid operation: ! (mismatched type float64)", 1)]
    [InlineData("3", "result % 2 == 1", "invalid operation: % (mismatched types float64 and int)", 8)]
    [InlineData("3", "result contains \"3\"", "invalid operation: contains (mismatched types float64 and string)", 8)]
    [InlineData("3", "result in [\"a\"]", "cannot use float64 as type string in array", 8)]
    [InlineData("3", "result ? true : false", "non-bool expression (type float64) used as condition", 1)]
    [InlineData("3", "result.x == 1", "type float64 has no field x", 8)]
    [InlineData("3", "result.X() == 1", "type float64 has no method X", 8)]
    [InlineData("3", "result[0] > 1", "type float64[int] is undefined", 7)]
    [InlineData("3", "result[0:1] == nil", "cannot slice float64", 7)]
    [InlineData("3", "result() > 1", "float64 is not callable", 1)]
    [InlineData("3", "all(result, true)", "builtin all takes only array (got float64)", 5)]
    [InlineData("3", "len(result) > 0", "invalid argument for len (type float64)", 1)]
    [InlineData("3", "len() > 0", "invalid number of arguments (expected 1, got 0)", 1)]
    [InlineData("3", "isNaN() == true", "not enough arguments to call isNaN", 1)]
    [InlineData("3", "isNaN(1, 2)", "too many arguments to call isNaN", 1)]
    [InlineData("3", "isNaN(\"a\")", "cannot use string as argument (type float64) to call isNaN ", 7)]
    [InlineData("3", "isNaN(nil)", "cannot use nil as argument (type float64) to call isNaN", 7)]
    [InlineData("3", "let result = 1; true", "cannot redeclare result", 5)]
    [InlineData("3", "let len = 1; true", "cannot redeclare builtin len", 5)]
    [InlineData("3", "let x = 1; let x = 2; true", "cannot redeclare variable x", 16)]
    [InlineData("3", "1 % 0 == 0", "integer divide by zero", 3)]
    [InlineData("3", "\"a\" matches \"(\"", "missing closing )", 5)]
    [InlineData("3", "\"a\" matches \"a**\"", "invalid nested repetition operator: `*`", 5)]
    [InlineData("3", "\"a\" matches \"(?=a)\"", "invalid or unsupported Perl syntax", 5)]
    [InlineData("[1]", "result > 1", "invalid operation: > (mismatched types []float64 and int)", 8)]
    [InlineData("[1]", "result.x > 1", "array elements can only be selected using an integer (got string)", 8)]
    [InlineData("[1]", "result[\"0\"] > 1", "array elements can only be selected using an integer (got string)", 8)]
    [InlineData("[1]", "any(result, #)", "predicate should return boolean (got float64)", 13)]
    [InlineData("[1]", "filter(result, #index > 0) == nil", "unknown pointer #index", 16)]
    [InlineData("[1]", "result[1] > 0", "index out of range: 1 (array length is 1)", 7)]
    [InlineData("[1]", "result[-2] > 0", "index out of range: -1 (array length is 1)", 7)]
    [InlineData("[1]", "[1, 2][5] == 1", "index out of range: 5 (array length is 2)", 7)]
    [InlineData("[1]", "filter(result, # > 5)[0] == 1", "reflect: slice index out of range", 22)]
    [InlineData("[1]", "reduce(filter(result, # > 5), #acc + #) == 1", "reduce of empty array with no initial value", 1)]
    [InlineData("[1]", "findIndex(result, # > 5) == 0", "interface conversion: interface {} is nil, not int", 26)]
    [InlineData("[1]", "repeat(\"a\", -1) == \"\"", "invalid argument for repeat (expected positive integer, got -1)", 1)]
    [InlineData("[1]", "sort([1, \"a\"]) == nil", "invalid operation: string < int", 1)]
    [InlineData("\"x\"", "asInt(result) == 1", "strconv.ParseInt: parsing \"x\": invalid syntax", 1)]
    [InlineData("\"x\"", "int(result) == 1", "invalid operation: int(x)", 1)]
    [InlineData("\"x\"", "date(result) > now()", "invalid date x", 1)]
    [InlineData("\"x\"", "duration(result) > duration(\"1s\")", "time: invalid duration \"x\"", 1)]
    [InlineData("\"x\"", "fromJSON(result) == nil", "invalid JSON", 1)]
    [InlineData("\"x\"", "fromBase64(result) == \"\"", "illegal base64 data", 1)]
    [InlineData("{\"a\":1}", "result.b.c == 1", "cannot fetch c from <nil>", 10)]
    [InlineData("{\"a\":1}", "result.a.c == 1", "cannot fetch c from float64", 10)]
    [InlineData("{\"a\":1}", "result.a > \"x\"", "invalid operation: float64 > string", 10)]
    [InlineData("{\"a\":1}", "result.a and true", "expected bool, but got float64", 1)]
    [InlineData("{\"a\":1}", "not result.a", "interface conversion: interface {} is float64, not bool", 1)]
    [InlineData("{\"a\":1}", "result.a()", "cannot call non-function of type float64", 8)]
    [InlineData("{\"a\":1}", "result.b()", "cannot call nil", 8)]
    [InlineData("{\"a\":1}", "result[1] == 1", "cannot use int to get an element from map[string]interface {}", 8)]
    [InlineData("{\"a\":1}", "toJSON([1 / 0]) == \"\"", "json: unsupported value: +Inf", 1)]
    [InlineData("3", "größe > 1", "unknown name größe", 1)]
    [InlineData("3", "日本(1)", "unknown name 日本", 1)]
    [InlineData("3", "result.ü == 1", "type float64 has no field ü", 8)]
    [InlineData("{\"é\":1}", "result.é.ü == 1", "cannot fetch ü from float64", 10)]
    public void Evaluate_ConditionThatDoesNotFit_SaysWhatAndWhere(string result, string source, string message, int column)
    {
        var condition = Condition.Parse(source);

        var problem = Assert.Throws<ConditionException>(
            () => condition.Evaluate(MetricValue.ParsePrometheusNotation(result), DateTimeOffset.UnixEpoch)).Problem;

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(column, problem.Column);
    }
}
