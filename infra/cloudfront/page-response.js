// Viewer response, pages: what the upload put beside a file becomes what the file is answered with. A content policy goes with
// the file whose scripts it allows, and the page for what does not exist says so by its status.
function handler(event) {
  var response = event.response;
  var headers = response.headers;
  var policy = headers['x-amz-meta-content-security-policy'];
  var status = headers['x-amz-meta-status'];
  delete headers['x-amz-meta-content-security-policy'];
  delete headers['x-amz-meta-status'];
  if (policy) {
    headers['content-security-policy'] = { value: policy.value };
  }
  // Not where it is 304: that has no body, and the browser keeps the status it has.
  if (status && response.statusCode === 200) {
    response.statusCode = Number(status.value);
    response.statusDescription = 'Not Found';
  }
  return response;
}
