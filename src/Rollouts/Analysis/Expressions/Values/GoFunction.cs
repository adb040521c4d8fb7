using Rollouts.Analysis.Expressions.Times;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>A function that a condition can call by value: one of the environment's, or a method bound to its receiver.</summary>
internal sealed class GoFunction(GoType type, Func<object?[], object?> body)
{
    public GoType Type { get; } = type;

    /// <summary>Calls the function with arguments whose types were not known before.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="takesNil">Nil is the zero value of any type, as it is for a function that was not known before either.</param>
    public object? Call(object?[] arguments, bool takesNil)
    {
        var inputs = Type.Signature!.Inputs;
        if (arguments.Length != inputs.Length)
        {
            throw new EvaluationFailure(
                $"invalid number of arguments: expected {inputs.Length}, got {arguments.Length}");
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            var type = GoValues.TypeOf(arguments[i]);
            if (type is null && takesNil && !inputs[i].TakesNil)
            {
                arguments[i] = ZeroOf(inputs[i]);
            }
            else if (type is null ? !inputs[i].TakesNil : !type.IsAssignableTo(inputs[i]))
            {
                throw GoValues.Mistyped(arguments[i], inputs[i]);
            }
        }

        return body(arguments);
    }

    private static object ZeroOf(GoType type) =>
        type == GoType.Time ? GoTime.Zero
        : type == GoType.Duration ? new GoTimeSpan(0)
        : type == GoType.Float64 ? 0.0
        : type == GoType.String ? ""
        : GoValues.Box(0L);
}
