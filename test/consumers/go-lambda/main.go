// A Lambda handler as its users write it: reports which messages failed.
package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	var response events.SQSEventResponse
	deadline, _ := ctx.Deadline()
	for _, message := range event.Records {
		switch message.Body {
		case "bad":
			failure := events.SQSBatchItemFailure{ItemIdentifier: message.MessageId}
			response.BatchItemFailures = append(response.BatchItemFailures, failure)
		case "panic":
			panic("no such order")
		default:
			fmt.Println("go", message.Body, lambdacontext.FunctionName, !deadline.IsZero())
		}
	}
	return response, nil
}

func main() { lambda.Start(handle) }
