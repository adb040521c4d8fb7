using System.Runtime.CompilerServices;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Functions;

/// <summary>max, min, mean and median, of numbers and of arrays of numbers.</summary>
internal static class AggregateFunctions
{
    public static IEnumerable<Builtin> All { get; } =
    [
        new("max", (a, run) => Extreme("max", "<", a, run)) { Check = types => Check("max", types) },
        new("min", (a, run) => Extreme("min", ">", a, run)) { Check = types => Check("min", types) },
        new("mean", (a, run) => Mean(a, run)) { Check = types => Check("mean", types) },
        new("median", (a, run) => Median(a, run)) { Check = types => Check("median", types) },
    ];

    private static GoType Check(string name, GoType?[] types)
    {
        if (types.Length == 0)
        {
            throw new EvaluationFailure($"not enough arguments to call {name}");
        }

        foreach (var type in types)
        {
            // After an array expr-lang looks no further.
            if (Checks.IsArray(type))
            {
                return GoType.Any;
            }

            if (!Checks.IsNumeric(type))
            {
                throw new EvaluationFailure($"invalid argument for {name} (type {Checks.Name(type)})");
            }
        }

        return types[0]!;
    }

    private static object? Extreme(string name, string comparison, object?[] arguments, IRun run)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        object? best = null;
        foreach (var argument in arguments)
        {
            if (argument is GoSlice slice)
            {
                run.Step(2 * slice.Count);

                // Numbers of one type are compared among themselves first, which tells where a NaN is among them.
                var isOfNumbers = slice.Type == GoType.Ints || slice.Type == GoType.Floats;
                var ofSlice = ExtremeOf(name, comparison, slice, isOfNumbers ? null : best, run);
                best = isOfNumbers ? Better(comparison, best, ofSlice) : ofSlice;
            }
            else if (IsNumberOrNamed(argument))
            {
                best = Better(comparison, best, argument);
            }
            else
            {
                return arguments.Length == 1 ? argument : throw Invalid(name, argument);
            }
        }

        return best;
    }

    private static object? ExtremeOf(string name, string comparison, GoSlice slice, object? best, IRun run)
    {
        foreach (var element in slice.Items)
        {
            var candidate = element is GoSlice inner ? Extreme(name, comparison, [inner], run) : element;
            var isEmpty = candidate is null && element is GoSlice && slice.Type == GoType.Anys;
            if (!isEmpty && !GoValues.IsNumber(candidate))
            {
                throw Invalid(name, candidate);
            }

            best = Better(comparison, best, candidate);
        }

        return best;
    }

    private static object? Better(string comparison, object? best, object? candidate) =>
        best is null || (candidate is not null && Ordering.Holds(comparison, best, candidate)) ? candidate : best;

    private static double Mean(object?[] arguments, IRun run)
    {
        var (count, sum) = Sum(arguments, run);
        return count == 0 ? 0.0 : sum / count;
    }

    private static (long Count, double Sum) Sum(object?[] values, IRun run)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var (count, sum) = (0L, 0.0);
        foreach (var value in values)
        {
            var elements = value is GoSlice slice ? slice.Items : [value];
            run.Step(elements.Count);
            foreach (var element in elements)
            {
                var (elementCount, elementSum) = element is GoSlice ? Sum([element], run) : (1, Number("mean", element));
                count += elementCount;
                sum += elementSum;
            }
        }

        return (count, sum);
    }

    private static double Median(object?[] arguments, IRun run)
    {
        var numbers = new List<double>();
        Collect("median", arguments, numbers, run);
        if (numbers.Count == 0)
        {
            return 0.0;
        }

        // Both .NET and Go put NaN before all other numbers.
        numbers.Sort();
        var half = numbers.Count / 2;
        return numbers.Count % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
    }

    private static void Collect(string name, IReadOnlyList<object?> values, List<double> numbers, IRun run)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        run.Step(4 * values.Count);
        foreach (var value in values)
        {
            if (value is GoSlice slice)
            {
                Collect(name, slice.Items, numbers, run);
            }
            else
            {
                numbers.Add(Number(name, value));
            }
        }
    }

    private static double Number(string name, object? value) => value switch
    {
        Times.GoTimeSpan duration => duration.Nanoseconds,
        Times.GoMonth month => month.Number,
        Times.GoWeekday weekday => weekday.Number,
        _ => GoValues.TryFloat(value, out var number) ? number : throw Invalid(name, value),
    };

    // Comparing two months fails, but a single one may pass.
    private static bool IsNumberOrNamed(object? value) =>
        GoValues.IsNumber(value) || value is Times.GoTimeSpan or Times.GoMonth or Times.GoWeekday;

    private static EvaluationFailure Invalid(string name, object? value) =>
        new($"invalid argument for {name} (type {GoValues.NameOfType(value)})");
}
